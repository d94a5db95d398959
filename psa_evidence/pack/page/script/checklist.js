// What was checked: numbered results and the verdict that follows from them (docs/format/verification.md, "Results").

const MAX_LISTED = 50;
const NO_WITNESS = "Nothing here proves WHEN: no time-stamp authority has witnessed the seals.";

const NOT_YET = "The time of some seals is not yet witnessed.";

/** A check that this page never makes. It changes no verdict; whoever shows the verdict shows it too. */
const NOT_HERE = "not made here";

class Checklist {
  constructor() {
    this.checks = [];
    this.failures = new Map();
    this.opened = new Set();
    this.troubled = new Map();
  }

  fail(id, detail, subject = "") {
    const times = (this.failures.get(id) || 0) + 1;
    this.failures.set(id, times);
    this.trouble(subject, { id, status: "fail", detail });
    if (times <= MAX_LISTED) this.checks.push({ id, status: "fail", detail, subject: shown(subject) });
  }

  /** Adds an open point under a number that may also pass or fail. */
  open(id, detail, subject = "") {
    this.opened.add(id);
    this.checks.push({ id, status: "inconclusive", detail, subject: shown(subject) });
    this.trouble(subject, { id, status: "inconclusive", detail });
  }

  /** Keeps what is wrong with each file or record, also beyond what the report lists. */
  trouble(subject, what) {
    if (!this.troubled.has(subject)) this.troubled.set(subject, []);
    this.troubled.get(subject).push(what);
  }

  /** Closes a check: `status` when nothing failed or stayed open under its number, else how many failures are not listed. */
  settle(id, detail, status = "pass") {
    const times = this.failures.get(id) || 0;
    if (!times && this.opened.has(id)) return;
    if (!times) this.checks.push({ id, status, detail, subject: "" });
    else if (times > MAX_LISTED) {
      this.checks.push({ id, status: "fail", detail: `and ${commas(times - MAX_LISTED)} more of the same kind, not listed`, subject: "" });
    }
  }

  skip(ids, because) {
    for (const id of ids) this.checks.push({ id, status: "inconclusive", detail: `not checked: ${because}`, subject: "" });
  }
}

/** {verdict, checks} in the order of the procedure. */
function reportOf(...lists) {
  const checks = lists.flatMap((list) => list.checks);
  const statuses = new Set(checks.map((check) => check.status));
  let verdict = "pass";
  if (statuses.has("fail") || !checks.length) verdict = "fail";
  else if (statuses.has("inconclusive")) verdict = "inconclusive";
  const order = (id) => id.split(".").map(Number);
  const sorted = [...checks].sort((a, b) => order(a.id)[0] - order(b.id)[0] || order(a.id)[1] - order(b.id)[1]);
  return { verdict, checks: sorted };
}
