// The pack's own manifest, read strictly (docs/format/manifest.md).

const MANIFEST_FORMAT = "psa-evidence/manifest/1";
const MANIFEST_TEXTS = ["matter", "client", "copy", "as_of", "software", "vault"];

/** Throws Unreadable. */
function manifestOf(value) {
  const raw = Fields.object(value, "manifest", ["format", ...MANIFEST_TEXTS, "counts", "pdfs", "files", "records", "seals", "witness"]);
  Fields.constant(raw.format, "manifest format", MANIFEST_FORMAT);
  for (const name of MANIFEST_TEXTS) Fields.text(raw[name], `manifest ${name}`);
  Fields.counts(raw.counts, "manifest counts");
  for (const path of Fields.list(raw.pdfs, "manifest pdfs")) Fields.text(path, "manifest pdfs");
  for (const item of Fields.list(raw.files, "manifest files")) {
    Fields.object(item, "manifest file", ["path", "sha256", "size", "media_type"]);
    Fields.text(item.path, "file path");
    Fields.digest(item.sha256, "file digest");
    Fields.whole(item.size, "file size");
    Fields.text(item.media_type, "file media type");
  }
  for (const item of Fields.list(raw.records, "manifest records")) {
    Fields.object(item, "manifest record", ["kind", "id", "native", "sha256", "seal", "index", "exhibit"]);
    for (const name of ["kind", "id", "native"]) Fields.text(item[name], `record ${name}`);
    Fields.digest(item.sha256, "record digest");
    Fields.whole(item.seal, "record seal");
    Fields.whole(item.index, "record index");
    Fields.optionalText(item.exhibit, "record exhibit");
  }
  for (const item of Fields.list(raw.seals, "manifest seals")) {
    Fields.object(item, "manifest seal", ["number", "path", "digest"]);
    Fields.whole(item.number, "seal number");
    Fields.text(item.path, "seal path");
    Fields.digest(item.digest, "seal digest");
  }
  witnessOf(raw.witness);
  return raw;
}
