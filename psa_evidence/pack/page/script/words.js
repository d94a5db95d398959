// What the page says, in one place: steps, checks, statuses, and what each does and does not prove.

const STATUS_WORDS = {
  pass: ["✓", "holds"],
  fail: ["✗", "does not hold"],
  inconclusive: ["?", "open"],
  "not witnessed": ["–", "not witnessed"],
  [NOT_HERE]: ["–", "not made here"],
};

const VERDICT_WORDS = { pass: "Pass", fail: "Fail", inconclusive: "Inconclusive" };

const STEP_WORDS = {
  1: ["Container", "The folder or ZIP file can be opened, and every name in it means one file on every computer.", "What the files say."],
  2: ["Tag manifest", "The files that describe the pack are the ones that its outermost list names. The digest of that list is the fingerprint of the pack: it changes when any byte of any file changes.", "That the list is the original one. Only a fingerprint that reached you another way, such as in a letter, shows that."],
  3: ["Payload manifest", "Every file of the pack is there, none was added, and each has the bytes that were listed.", "That the list is the original one; see step 2."],
  4: ["Manifest of the pack", "The pack's own table of contents names the same files with the same digests, and what every such pack has is among them.", "What the files say."],
  5: ["Natives", "For each record of the manifest there is one file with the record as the PSA system sent it, in its own place.", "That the record is true, or that the person named in it wrote it."],
  6: ["Proofs", "Each record is, byte for byte, one to which a seal commits, with its kind and number. Nothing is learned about other records.", "That no other records exist."],
  7: ["Seals", "The seals are those that the proofs lead to, and they follow each other as far as they are in the pack.", "When they were made. A whole new chain of seals could be made by whoever has the vault; only a witness to the time excludes that (step 10)."],
  8: ["PDF", "The PDFs that the manifest names are there, with the bytes that were listed (step 3).", "What their pages show. This page does not look into PDFs: neither the attached manifest nor the page numbers are checked here."],
  9: ["Figures", "The rows of tables and logs are as many as the manifest states.", "What stands in the tables: this page counts their rows and does not read them. That they follow from the records."],
  10: ["Time", "An independent authority saw the seal at the stated time, so the records it commits to existed then.", "That the records were true, or complete, at that time."],
};

const CHECK_WORDS = {
  "1.1": "It opens; nothing in it leads out of it",
  "1.2": "Every name means one file on every computer",
  "1.3": "The declaration bagit.txt is right",
  "1.4": "The labels in bag-info.txt can be read",
  "1.5": "Nothing stands at the top but what belongs there",
  "2.1": "The tag manifest lists exactly the files beside the payload",
  "2.2": "Their digests agree",
  "3.1": "The payload manifest lists exactly the files of the payload",
  "3.2": "Their digests agree",
  "3.3": "Number and size of the files are as stated",
  "4.1": "The manifest can be read and is in its one form",
  "4.2": "It lists every file of the payload but itself and the PDFs",
  "4.3": "Digests and sizes agree",
  "4.4": "What every such pack has is there",
  "5.1": "The file of every record is there",
  "5.2": "It is the record that the manifest states",
  "5.3": "It lies in the place of its kind and number",
  "5.4": "There is no file of a record that the manifest does not name",
  "5.5": "Copies under readable names are the same bytes",
  "6.1": "The files with proofs can be read and are in their one form",
  "6.2": "Every record has a proof of its own",
  "6.3": "Every proof leads to the root of its seal",
  "6.4": "Each record given whole is the one its leaf commits to",
  "6.5": "Each record given in part shows fields its leaf commits to",
  "7.1": "Every seal is there and is the one stated",
  "7.2": "The proofs lead to these seals",
  "7.3": "Each seal follows the one before it",
  "7.4": "The custody log goes on from where the seals say it stood",
  "8.1": "The PDFs are there",
  "8.2": "The PDF carries this manifest",
  "8.3": "Every page has its Bates number",
  "8.4": "The seal on each PDF covers the whole of it",
  "8.5": "Rows of tables cite the first page of their exhibit",
  "9.1": "The number of records is as stated",
  "9.2": "Rows of tables and logs are as stated, and the table of natives is the manifest's",
  "9.3": "Captured is included, withheld and out of scope together",
  "9.4": "Each verdict follows from its row",
  "9.5": "Attainment counts the results",
  "9.6": "The breaches are the missed results",
  "9.7": "The tickets of the tables are those of the pack",
  "9.8": "Load files have the numbers of the pages",
  "9.9": "The clock adds up between instants of the records",
  "9.10": "Plain columns are what the records say",
  "9.11": "The workbook and the table of the custody log say what tables and log say",
  "9.12": "Versions of records differ in what the table of changes says, and in nothing else",
  "9.13": "The logs of what is withheld say what natives and population say",
  "10.1": "The time-stamps that the manifest lists are there, and no others",
  "10.2": "Each is over its seal, signed, and for time-stamping only",
  "10.3": "Each leads to an authority that you named",
  "10.4": "Renewals cover the earlier time-stamps",
  "10.5": "The times follow the chain of seals",
  "10.6": "Which seals existed when",
};

/** One or two sentences that claim no more than the checks do. */
function headline(report) {
  const failed = report.checks.filter((check) => check.status === "fail").length;
  const words = {
    fail: `${counted(failed, "check")} failed: as it lies here, the pack was changed, is not complete, or is not what it says it is.`,
    inconclusive: "Nothing was found that does not hold, but not everything could be checked.",
    pass: "All parts that this page checks agree with each other and with the seals.",
  }[report.verdict];
  const without = report.checks.filter((check) => check.status === "not witnessed").map((check) => check.id);
  if (!without.length) return words;
  return `${words} ${without.every((id) => id === "10.6") ? NOT_YET : NO_WITNESS}`;
}

/** Which checks this page does not make, in words with their numbers. */
function notMadeWords(ids) {
  const groups = [["8.", "the inside of the PDFs"], ["9.", "what stands in the tables"]];
  const named = groups.map(([begin, words]) => [words, ids.filter((id) => id.startsWith(begin))]).filter(([, some]) => some.length);
  return `Not checked by this page: ${named.map(([words, some]) => `${words} (${some.join(", ")})`).join(" and ")}. The program psa-evidence checks them.`;
}

/** What a file of the pack is: {what, holds, not}. `records` are the manifest's records whose native it is. */
function fileWords(path, records, pdfs) {
  const packed = "It has the bytes that were packed";
  if (records.length) {
    const names = records.slice(0, 3).map((record) => `${record.kind} ${shown(record.id)}${record.exhibit ? ` (exhibit ${shown(record.exhibit)})` : ""}, leaf ${record.index} of seal ${record.seal}`);
    if (records.some(isInPart)) {
      return {
        what: `Record with fields withheld: ${names.join("; ")}`,
        holds: "Each field that is shown is, byte for byte, what the named seal commits to; so is the place of each that is withheld.",
        not: "What the withheld fields say. The owner can open one later so that it can be checked against the same seal.",
      };
    }
    return {
      what: `Record as received: ${names.join("; ")}`,
      holds: "It is, byte for byte, what the named seal commits to under this kind and number.",
      not: "That what it says is true, or when the seal was made, unless step 10 says so.",
    };
  }
  if (pdfs.includes(path)) return { what: "PDF", holds: `${packed}.`, not: "What its pages show was not compared with the records, and its attachment was not read here." };
  const kinds = [
    [/^data\/attachments\//, "Attachment under a readable name", "It is the same bytes as the record of this attachment.", "What it says, and who made it."],
    [/^data\/proofs\//, "Proofs for the records of one seal", "Each leads from its record to the seal.", "That no other records exist."],
    [/^seals\/.*\.json$/, "Seal", "It is the one that the manifest states and the proofs lead to.", "When it was made, unless step 10 says so."],
    [/^seals\//, "Time-stamp or certificates of its authority", `${packed}. Step 10 judges it.`, "Anything by itself."],
    [/^data\/manifest\.json$/, "Manifest of the pack", "It names the files and records that are there.", "That nothing else exists."],
    [/^data\/tables\//, "Table", `${packed}; its rows are as many as stated.`, "That it follows from the records: that needs the program, or a calculation of your own."],
    [/^data\/logs\//, "Log", `${packed}; its rows are as many as stated.`, "That what it says is so."],
    [/^data\/VERIFY\.html$/, "A copy of this page", `${packed}.`, "That the page is the original one: get it elsewhere, as the note at the top says."],
    [/^[^/]*$/, "Part of the bag", "It can be read and agrees with the files.", "That it is the original one: compare the fingerprint."],
  ];
  for (const [pattern, what, holds, not] of kinds) if (pattern.test(path)) return { what, holds, not };
  return { what: "Other file", holds: `${packed}.`, not: "What it says." };
}
