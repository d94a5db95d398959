// The procedure by which a pack is judged (docs/format/verification.md), under the same numbers.

const CHECKS = [
  "1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3", "4.4", "5.1", "5.2", "5.3",
  "5.4", "5.5", "6.1", "6.2", "6.3", "6.4", "6.5", "7.1", "7.2", "7.3", "7.4", "8.1", "8.2", "8.3", "8.4", "8.5", "9.1",
  "9.2", "9.3", "9.4", "9.5", "9.6", "9.7", "9.8", "9.9", "9.10", "9.11", "9.12", "9.13",
];

/** One pack under examination. What was read stays, so that time can be judged again when an authority is named. */
class Examination {
  constructor() {
    this.checks = new Checklist();
    this.timeChecks = new Checklist();
    this.bag = null;
    this.manifest = null;
    this.seals = null;
  }

  /** Opens with `open` (an async function that gives a source) and makes every check but those of time.
      Never throws on what the pack holds. `listener` has total(bytes), read(bytes), stage(words). */
  async run(open, listener) {
    const { checks } = this;
    const source = await failing(checks, "1.1", "", open);
    if (!source) {
      checks.skip(CHECKS.slice(1), "the pack cannot be opened");
      return;
    }
    checkOpened(source, checks);
    let total = 0;
    for (const size of source.files.values()) total += size;
    listener.total(total, source.files.size);
    this.bag = await checkBag(source, checks, (bytes) => listener.read(bytes));
    listener.stage("Comparing the manifest, the records and the proofs");
    this.manifest = await checkPackManifest(this.bag, checks);
    if (!this.manifest) {
      checks.skip(CHECKS.slice(CHECKS.indexOf("4.2")), "the manifest cannot be read (4.1)");
      return;
    }
    await checkComplete(this.bag, checks, this.manifest);
    checkNatives(this.bag, checks, this.manifest);
    await pause();
    const proofs = await checkProofs(this.bag, checks, this.manifest, pause);
    const hidden = await checkCommitments(this.bag, checks, this.manifest, proofs, (done, of) => {
      listener.stage(`Comparing ${commas(of)} records with their proofs: ${commas(done)}`);
      return pause();
    });
    this.seals = await checkSeals(this.bag, checks, this.manifest, proofs);
    checkPdfs(this.bag, checks, this.manifest);
    listener.stage("Counting the rows of tables and logs");
    await checkCounts(this.bag, checks, this.manifest, hidden, this.seals);
  }

  /** The checks of time, by the authorities named now. */
  async judgeTime(anchors) {
    this.timeChecks = new Checklist();
    if (this.seals) await checkTime(this.bag, this.timeChecks, this.manifest, anchors);
    else this.timeChecks.skip(TIME_CHECKS, this.bag ? "the manifest cannot be read (4.1)" : "the pack cannot be opened");
  }

  report() {
    return reportOf(this.checks, this.timeChecks);
  }
}
