// A pack as a folder that the browser handed over. Nothing is written, nothing leaves the page.

const READ_BLOCK = 4 << 20;
const MAX_FILES = 2000000;

/** What both sources offer: files (path -> size), empty (folders), problems ([subject, why]),
    blocks(path): an async iterator of Uint8Arrays that throws Unreadable. */
class FolderSource {
  /** `entries`: [[path below the chosen folder, File]]; `empty`: folders without anything, where the browser tells. */
  constructor(entries, empty = []) {
    if (entries.length > MAX_FILES) throw new Unreadable(`more than ${commas(MAX_FILES)} files`);
    this.kind = "folder";
    this.files = new Map();
    this.empty = empty;
    this.problems = [];
    this.handles = new Map();
    for (const [path, file] of entries) {
      this.files.set(path, file.size);
      this.handles.set(path, file);
    }
  }

  async *blocks(path) {
    const file = this.handles.get(path);
    try {
      for (let at = 0; at < file.size; at += READ_BLOCK) {
        yield new Uint8Array(await file.slice(at, Math.min(at + READ_BLOCK, file.size)).arrayBuffer());
      }
    } catch {
      throw new Unreadable("cannot be read: it is gone, was changed meanwhile, or this computer does not allow it");
    }
  }
}

/** From <input webkitdirectory>: every path begins with the chosen folder's name. */
function folderFromInput(fileList) {
  return new FolderSource(
    Array.from(fileList, (file) => [file.webkitRelativePath.split("/").slice(1).join("/"), file]),
  );
}

/** From a dropped folder (FileSystemDirectoryEntry). Throws Unreadable. */
async function folderFromEntry(root, onCount) {
  const entries = [];
  const empty = [];
  const waiting = [[root, "", 0]];
  while (waiting.length) {
    const [folder, prefix, depth] = waiting.pop();
    if (depth > MAX_FOLDERS) throw new Unreadable(`folders nested deeper than ${MAX_FOLDERS}`);
    const reader = folder.createReader();
    let some = false;
    for (;;) {
      const batch = await new Promise((give, fail) => reader.readEntries(give, () => fail(new Unreadable(`folder cannot be listed: ${shown(prefix)}`))));
      if (!batch.length) break;
      some = true;
      for (const entry of batch) {
        const path = prefix + entry.name;
        if (entry.isDirectory) waiting.push([entry, `${path}/`, depth + 1]);
        else {
          entries.push([path, await new Promise((give, fail) => entry.file(give, () => fail(new Unreadable(`cannot be read: ${shown(path)}`))))]);
          if (entries.length > MAX_FILES) throw new Unreadable(`more than ${commas(MAX_FILES)} files`);
        }
      }
      onCount(entries.length);
    }
    if (!some && prefix) empty.push(prefix.slice(0, -1));
  }
  return new FolderSource(entries, empty);
}
