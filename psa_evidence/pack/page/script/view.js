// Drawing. Every text from a pack goes in as text, never as markup.

const PAGE_OF_FILES = 200;

/** An element with attributes and children (texts or elements). */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function part(id) {
  return document.getElementById(id);
}

function mark(status, partly = false) {
  const [sign, word] = partly ? ["–", "holds as far as checked here"] : STATUS_WORDS[status];
  return element("span", { class: `mark ${status.replaceAll(" ", "-")}` }, element("span", { "aria-hidden": "true" }, sign), ` ${word}`);
}

/** The worst status of some checks. */
function worst(checks) {
  return ["fail", "inconclusive", "not witnessed", "pass", NOT_HERE].find((status) => checks.some((check) => check.status === status)) || NOT_HERE;
}

function drawReport(examination, report) {
  drawVerdict(examination, report);
  drawFacts(examination);
  drawSteps(report);
  drawFiles(examination);
  part("result").hidden = false;
}

function drawVerdict(examination, report) {
  const unwitnessed = report.checks.filter((check) => check.status === "not witnessed");
  const aside = !unwitnessed.length ? "" : unwitnessed.every((check) => check.id === "10.6") ? " · time of some seals not yet witnessed" : " · time not witnessed";
  const notHere = report.checks.filter((check) => check.status === NOT_HERE).map((check) => check.id);
  const box = part("verdict");
  box.className = report.verdict;
  box.replaceChildren(
    element("h2", { id: "verdict-word", tabindex: "-1" }, VERDICT_WORDS[report.verdict], ...(aside ? [element("span", {}, aside)] : [])),
    element("p", { id: "headline" }, headline(report)),
  );
  const witnessed = report.checks.find((check) => check.id === "10.6" && check.status === "pass");
  if (witnessed) box.append(element("p", {}, `Time: ${witnessed.detail}.`));
  const first = report.checks.filter((check) => check.status === "fail" || check.status === "inconclusive");
  if (first.length) {
    const shownFirst = first.slice(0, 5).map((check) => element("li", {}, ...described(check, true)));
    if (first.length > 5) shownFirst.push(element("li", {}, `and ${commas(first.length - 5)} more below`));
    box.append(element("ul", {}, ...shownFirst));
  }
  if (notHere.length) {
    box.append(element("p", { class: "small" }, notMadeWords(notHere)));
  }
}

function drawFacts(examination) {
  const list = part("facts");
  list.replaceChildren();
  const add = (name, ...value) => list.append(element("dt", {}, name), element("dd", {}, ...value));
  const { manifest, bag, seals } = examination;
  if (manifest) {
    add("Matter", shown(manifest.matter));
    add("Client", shown(manifest.client));
    add("Copy", shown(manifest.copy));
    add("Records as of", shown(manifest.as_of));
    add("Made by", shown(manifest.software));
    add("Records", commas(manifest.records.length));
  }
  if (seals) add("Seals", describedSeals(seals) || "none that could be read");
  if (bag) {
    add("Files", commas(bag.files.size));
    add("Fingerprint", element("code", { id: "fingerprint" }, bag.digest("tagmanifest-sha256.txt") || "none: there is no tag manifest"));
  }
  part("compare").hidden = !bag;
  compareFingerprint();
}

/** Says whether the fingerprint that the reader typed is the pack's. */
function compareFingerprint() {
  const typed = part("known").value.replace(/[\s:]+/g, "").toLowerCase();
  const found = part("fingerprint");
  let words = "";
  if (typed && found) {
    if (!/^[0-9a-f]{64}$/.test(typed)) words = "Not a whole fingerprint yet: it has 64 digits from 0 to 9 and a to f.";
    else if (typed === found.textContent) words = "The same. If yours came from a source that you trust, every byte of this pack is the one that it names.";
    else words = "Different. This is not the pack that your fingerprint names.";
  }
  part("compared").textContent = words;
}

function described(check, withName = false) {
  const subject = check.subject ? [element("code", {}, check.subject), ": "] : [];
  return [...(withName ? [`${check.id} ${CHECK_WORDS[check.id]}: `] : []), ...subject, check.detail];
}

function drawSteps(report) {
  const box = part("steps");
  box.replaceChildren();
  for (const [number, [title, proves, not]] of Object.entries(STEP_WORDS)) {
    const checks = report.checks.filter((check) => check.id.split(".")[0] === number);
    const status = worst(checks);
    const rows = checks.map((check) => element("tr", {},
      element("th", { scope: "row" }, check.id),
      element("td", {}, mark(check.status)),
      element("td", {}, element("strong", {}, CHECK_WORDS[check.id]), element("br"), ...described(check)),
    ));
    const table = element("table", {},
      element("caption", {}, `Checks of step ${number}`),
      element("thead", {}, element("tr", {}, ...["Check", "Result", "What was found"].map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...rows));
    const details = element("details", { class: "step" },
      element("summary", {}, element("span", { class: "title" }, `${number}. ${title}`), " ", mark(status, status === "pass" && checks.some((check) => check.status === NOT_HERE))),
      element("p", {}, element("strong", {}, "When it holds, it shows: "), proves),
      element("p", {}, element("strong", {}, "It does not show: "), not),
      table);
    details.open = status === "fail" || status === "inconclusive";
    box.append(details);
  }
}

/** The files one by one: those with a problem first. */
function drawFiles(examination) {
  const { bag, manifest } = examination;
  part("files-part").hidden = !bag;
  if (!bag) return;
  const owners = new Map();
  for (const record of manifest ? manifest.records : []) {
    if (!owners.has(record.native)) owners.set(record.native, []);
    owners.get(record.native).push(record);
  }
  const problems = problemsByFile(examination, owners);
  const all = [...bag.files.keys()].sort().map((path) => ({ path, found: problems(path) }));
  all.sort((a, b) => Number(b.found.length > 0) - Number(a.found.length > 0));
  const state = { shown: PAGE_OF_FILES };
  const draw = () => {
    const wanted = part("filter").value.toLowerCase();
    const chosen = all.filter(({ path }) => path.toLowerCase().includes(wanted));
    part("files").replaceChildren(...chosen.slice(0, state.shown).map((each) => fileRow(each, bag, manifest, owners)));
    const rest = chosen.length - Math.min(chosen.length, state.shown);
    part("files-count").textContent = `${counted(chosen.length, "file")}${wanted ? " with this in the name" : ""}; ${rest ? `the first ${commas(state.shown)} are shown` : "all are shown"}.`;
    part("more").hidden = rest === 0;
  };
  part("filter").oninput = () => {
    state.shown = PAGE_OF_FILES;
    draw();
  };
  part("more").onclick = () => {
    state.shown += PAGE_OF_FILES;
    draw();
  };
  draw();
}

/** A function that gives what was found wrong with a file: under its own name, its record's, its seal's or its figure's. */
function problemsByFile({ checks, timeChecks, manifest }, owners) {
  const of = (subject) => [...(checks.troubled.get(subject) || []), ...(timeChecks.troubled.get(subject) || [])];
  const unproved = new Map();
  for (const record of manifest ? manifest.records : []) {
    const found = of(`${record.kind}/${record.id}`).filter((each) => each.id.startsWith("6."));
    if (found.length) unproved.set(record.seal, found);
  }
  return (path) => {
    const found = [path, ...(owners.get(path) || []).map((record) => `${record.kind}/${record.id}`)].flatMap(of);
    const [, folder, number] = /^(seals|data\/proofs)\/0*(\d+)\.json$/.exec(path) || [];
    const [, kind, name] = /^data\/(table|log)s\/(.*)\.csv$/s.exec(path) || [];
    if (folder === "seals") found.push(...of(`seal ${number}`));
    if (folder === "data/proofs") found.push(...of(`data/proofs/${number}`), ...of(`seal ${number}`), ...(unproved.get(Number(number)) || []));
    if (kind) found.push(...of(`${kind}:${name}`));
    return found;
  };
}

function fileRow({ path, found }, bag, manifest, owners) {
  const words = fileWords(path, owners.get(path) || [], manifest ? manifest.pdfs : []);
  const hashed = bag.hashed.get(path);
  const status = found.some((each) => each.status === "fail") ? "fail" : found.length || !manifest ? "inconclusive" : "pass";
  const facts = element("dl", {},
    element("dt", {}, "What it is"), element("dd", {}, words.what),
    element("dt", {}, "Size"), element("dd", {}, `${commas(hashed.size)} bytes`),
    element("dt", {}, "SHA-256"), element("dd", {}, element("code", {}, hashed.sha256 || `none: ${hashed.problem}`)));
  if (status === "fail") for (const each of found) facts.append(element("dt", {}, `Check ${each.id}`), element("dd", {}, each.detail));
  else if (status === "pass") facts.append(element("dt", {}, "What holds"), element("dd", {}, words.holds));
  else facts.append(element("dt", {}, "Open"), element("dd", {}, found.length ? found.map((each) => each.detail).join("; ") : "the manifest of the pack could not be read, so only the lists of the bag were compared"));
  facts.append(element("dt", {}, "Not shown by this"), element("dd", {}, words.not));
  return element("li", {}, element("details", {}, element("summary", {}, element("code", {}, shown(path)), " ", mark(status)), facts));
}
