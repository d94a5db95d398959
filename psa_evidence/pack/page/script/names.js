// File names from strangers: which are refused. The rules of docs/format/pack.md, "Names".

const MAX_PATH_LENGTH = 1024;
const MAX_NAME_BYTES = 255;
const MAX_FOLDERS = 32;
const BESIDE = "__MACOSX";
const SYSTEM_FILES = [".DS_Store", "Thumbs.db", "desktop.ini", BESIDE];

/** Why `path` may lead out of the bag or cannot be a path in it; "" when it stays inside. */
function escapes(path) {
  if (!path) return "an empty path";
  if ([...path].length > MAX_PATH_LENGTH) return `a path over the limit of ${commas(MAX_PATH_LENGTH)} characters`;
  if (/^[/\\~]/.test(path) || /^[A-Za-z]:/.test(path)) return "an absolute path";
  if (path.includes("\0")) return "a path with a null character";
  const parts = path.split("/");
  if (parts.length > MAX_FOLDERS) return `a path ${parts.length} folders deep, over the limit of ${MAX_FOLDERS}`;
  if (parts.some((part) => part === "" || part === "." || part === "..") || path.split(/[\\/]/).includes("..")) {
    return "a path with an empty, . or .. part";
  }
  return "";
}

/** Why a pack may not use `path`: it would be another name, or none, on some computer. "" when it may. */
function unportable(path) {
  const reason = escapes(path);
  if (reason) return reason;
  if (path.normalize("NFC") !== path) return "a path that is not in Unicode normal form C";
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(path)) return "a path with invisible or unassigned characters";
  for (const part of path.split("/")) {
    if (utf8(part).length > MAX_NAME_BYTES) return `a name over ${MAX_NAME_BYTES} bytes`;
    if (/[<>:"|?*\\]/.test(part) || /[. ]$/.test(part) || part.startsWith(" ")) return "a name that Windows cannot hold";
    if (/^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/i.test(part)) return "a name reserved by Windows";
  }
  return "";
}

/** Paths with the same twin are one file on some computer, or look the same to a reader: NFKC and case folding. */
function twin(path) {
  if (/^[\x00-\x7f]*$/.test(path)) return path.toLowerCase();
  return folded(path.normalize("NFKC")).normalize("NFKC");
}

/** Case folding, character by character; a browser has no case folding of its own. */
function folded(text) {
  let out = "";
  for (const c of text) out += c === "ı" ? c : c.toLowerCase().toUpperCase().toLowerCase();
  return out.replaceAll("ς", "σ");
}

function systemWords(path) {
  const name = path.split("/").pop();
  return SYSTEM_FILES.includes(name) || name.startsWith("._") ? " (the operating system made it: delete it and check again)" : "";
}
