// What a pack claims about time (docs/format/manifest.md): its tokens, the renewals over them, the seals that wait.

const RENEWAL_FORMAT = "psa-evidence/renewal/1";
const AUTHORITY_NAME = /^(?!renewal)[a-z0-9][a-z0-9-]{0,39}$/;

/** {tokens, renewals, owed}. Throws Unreadable. */
function witnessOf(value) {
  const raw = Fields.object(value, "witness", ["tokens", "renewals", "owed"]);
  for (const token of Fields.list(raw.tokens, "witness tokens")) witnessToken(token);
  for (const renewal of Fields.list(raw.renewals, "witness renewals")) {
    Fields.object(renewal, "witness renewal", ["seal", "number", "path", "sha256", "tokens"]);
    Fields.whole(renewal.seal, "renewal seal");
    Fields.whole(renewal.number, "renewal number");
    Fields.text(renewal.path, "renewal path");
    Fields.digest(renewal.sha256, "renewal digest");
    for (const token of Fields.list(renewal.tokens, "renewal tokens")) witnessToken(token);
  }
  for (const number of Fields.list(raw.owed, "witness owed")) Fields.whole(number, "witness owed");
  return raw;
}

function witnessToken(value) {
  Fields.object(value, "witness token", ["seal", "authority", "path", "sha256", "stated_time"]);
  Fields.whole(value.seal, "token seal");
  for (const name of ["authority", "path", "stated_time"]) Fields.text(value[name], `token ${name}`);
  Fields.digest(value.sha256, "token digest");
}

function tokenPath(seal, authority, renewal) {
  return `${SEALS}${sealNumber(seal)}${renewal === null ? "" : `.renewal-${renewal}`}.${authority}.tsr`;
}

function renewalPath(seal, number) {
  return `${SEALS}${sealNumber(seal)}.renewal-${number}.json`;
}

function chainPath(authority) {
  return `${SEALS}authorities/${authority}.pem`;
}

/** Whether check 10.1, not 7.1, says if this file belongs into the pack. */
function isTimePath(path) {
  return /^seals\/(authorities\/.*|.*\.tsr|.*\.renewal-.*)$/s.test(path);
}

/** A renewal's document: what a renewing token covers. Throws Unreadable. */
function renewalOf(bytes) {
  const json = readJson(bytes);
  const raw = Fields.object(json.value, "renewal", ["format", "seal", "number", "sha256", "covers"]);
  Fields.constant(raw.format, "renewal format", RENEWAL_FORMAT);
  Fields.whole(raw.seal, "renewal seal");
  Fields.whole(raw.number, "renewal number");
  Fields.digest(raw.sha256, "renewal digest");
  for (const cover of Fields.list(raw.covers, "renewal covers")) {
    Fields.object(cover, "renewal cover", ["path", "sha256"]);
    Fields.text(cover.path, "cover path");
    Fields.digest(cover.sha256, "cover digest");
  }
  if (!json.canonical) throw new Unreadable("renewal: not in canonical form");
  return raw;
}
