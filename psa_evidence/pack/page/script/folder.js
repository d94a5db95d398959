// A pack as a folder that the browser handed over. Nothing is written, nothing leaves the page.

const READ_BLOCK = 4 << 20;
const MAX_FILES = 2000000;

/** What both sources offer: files (path -> size), empty (folders), problems ([subject, why]),
    blocks(path): an async iterator of Uint8Arrays that throws Unreadable. */
class FolderSource {
  /** `files`: [[path below the chosen folder, File, its size]]; `empty`: folders without anything, where the browser
      tells. A browser asks the disk each time for the size of a File. */
  constructor(files, empty) {
    this.kind = "folder";
    this.files = new Map();
    this.empty = empty;
    this.problems = [];
    this.handles = new Map();
    for (const [path, file, size] of files) {
      this.files.set(path, size);
      this.handles.set(path, file);
    }
  }

  /** `entries`: [[path, File]]. Throws Unreadable over the limit. */
  static async of(entries, empty, onCount) {
    if (entries.length > MAX_FILES) throw new Unreadable(`more than ${commas(MAX_FILES)} files`);
    const files = [];
    for (const [path, file] of entries) {
      files.push([path, file, file.size]);
      if (files.length % 500 === 0) {
        onCount(files.length);
        await pause();
      }
    }
    return new FolderSource(files, empty);
  }

  async *blocks(path) {
    const [file, size] = [this.handles.get(path), this.files.get(path)];
    try {
      if (size > 0 && size <= READ_BLOCK) {
        yield new Uint8Array(await file.arrayBuffer()); // a part of a file takes browsers four times as long to hand over
        return;
      }
      for (let at = 0; at < size; at += READ_BLOCK) {
        yield new Uint8Array(await file.slice(at, Math.min(at + READ_BLOCK, size)).arrayBuffer());
      }
    } catch {
      throw new Unreadable("cannot be read: it is gone, was changed meanwhile, or this computer does not allow it");
    }
  }
}

/** From <input webkitdirectory>: every path begins with the chosen folder's name. */
function folderFromInput(fileList, onCount) {
  return FolderSource.of(Array.from(fileList, (file) => [file.webkitRelativePath.split("/").slice(1).join("/"), file]), [], onCount);
}

/** A dropped folder that this browser does not let the page read: no finding about the pack. */
class NotListed extends Error {}

/** From a dropped folder: `handle` (FileSystemDirectoryHandle) where the browser gives one, else `entry`
    (FileSystemDirectoryEntry), which Chromium does not let a page on disk read. Throws NotListed, and Unreadable over a limit. */
async function folderFromDrop(handle, entry, onCount) {
  const ways = [[handle, handleChildren], [entry, entryChildren]].filter(([root]) => root);
  for (const [root, children] of ways) {
    try {
      return await listedFolder(root, children, onCount);
    } catch (error) {
      if (error instanceof Unreadable) throw error;
    }
  }
  throw new NotListed("This browser does not let the page read a dropped folder. Please use the button “Choose the folder …”.");
}

/** `children(folder)` gives [[name, folder or null, File or null]] of a folder. */
async function listedFolder(root, children, onCount) {
  const entries = [];
  const empty = [];
  const waiting = [[root, "", 0]];
  while (waiting.length) {
    const [folder, prefix, depth] = waiting.pop();
    if (depth > MAX_FOLDERS) throw new Unreadable(`folders nested deeper than ${MAX_FOLDERS}`);
    const found = await children(folder);
    for (const [name, below, file] of found) {
      if (below) waiting.push([below, `${prefix}${name}/`, depth + 1]);
      else entries.push([prefix + name, file]);
    }
    if (entries.length > MAX_FILES) throw new Unreadable(`more than ${commas(MAX_FILES)} files`);
    if (!found.length && prefix) empty.push(prefix.slice(0, -1));
    onCount(entries.length);
  }
  return FolderSource.of(entries, empty, onCount);
}

async function handleChildren(folder) {
  const found = [];
  for await (const [name, child] of folder.entries()) found.push([name, child]);
  return Promise.all(found.map(async ([name, child]) => (child.kind === "directory" ? [name, child, null] : [name, null, await child.getFile()])));
}

async function entryChildren(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const batch = await new Promise((give, fail) => reader.readEntries(give, fail));
    if (!batch.length) break;
    found.push(...batch);
  }
  return Promise.all(found.map(async (child) => (child.isDirectory ? [child.name, child, null] : [child.name, null, await new Promise((give, fail) => child.file(give, fail))])));
}
