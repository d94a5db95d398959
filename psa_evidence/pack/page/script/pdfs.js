// Step 8, the part that a page can make: the PDFs are there. Their insides are not read here.

function checkPdfs(bag, checks, manifest) {
  if (!manifest.pdfs.length) checks.fail("8.1", "the manifest names no PDF");
  if (new Set(manifest.pdfs).size !== manifest.pdfs.length) checks.fail("8.1", "the manifest names a PDF twice");
  for (const path of new Set(manifest.pdfs)) {
    if (!/^data\/[^/]+\.pdf$/.test(path)) checks.fail("8.1", "not the name of a PDF in data", path);
    else if (!bag.files.has(path)) checks.fail("8.1", "named in the manifest but missing", path);
  }
  checks.settle("8.1", `${counted(manifest.pdfs.length, "PDF")} there; of a PDF this page checks the digest (3.2) and nothing within it`);
  for (const [id, what] of [["8.2", "whether the PDF carries this manifest"], ["8.3", "whether every page has its Bates number"],
    ["8.4", "the seal on the PDF"], ["8.5", "which pages the rows of tables cite"]]) {
    checks.settle(id, `this page does not look into PDFs: ${what} is not checked here`, NOT_HERE);
  }
}
