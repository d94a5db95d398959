// Step 10: who witnessed the time of the seals.

function isTimePath(path) {
  return path.endsWith(".tsr");
}

/** Step 10. `anchors` are the Certificates that the reader named. */
async function checkTime(bag, checks, manifest, seals, anchors) {
  const tokens = [...bag.files.keys()].filter((path) => path.startsWith(SEALS) && isTimePath(path)).sort();
  if (manifest.time_witness === "none") {
    if (tokens.length) checks.fail("10.1", "a time-stamp, though the manifest says that there is none", tokens[0]);
    checks.settle("10.1", NO_WITNESS, "not witnessed");
  } else {
    checks.settle("10.1", `the pack names ${shown(manifest.time_witness)} as witness; no authority was given to judge its time-stamps by`, "inconclusive");
  }
}
