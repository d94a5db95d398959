// A pack as a ZIP file, at its root or in its only folder. Members are inflated as they are read, never further than
// their directory says.

const MAX_UNPACKED = 2 ** 40;
const MAX_RATIO = 200;
const BOMB_FLOOR = 64 * 1048576;
const NEAR = 4 * 1048576;

class ZipSource {
  constructor(blob) {
    this.kind = "zip";
    this.blob = blob;
    this.files = new Map();
    this.empty = [];
    this.problems = [];
    this.members = new Map();
    this.near = [];
  }

  /** Throws Unreadable when there is no ZIP file, or one that is over a limit. */
  static async open(blob) {
    const source = new ZipSource(blob);
    const members = await zipDirectory(blob);
    let total = 0;
    let packed = 0;
    for (const member of members) {
      total += member.size;
      packed += member.packed;
    }
    if (total > MAX_UNPACKED) throw new Unreadable(`unpacks to ${commas(total)} bytes, over the limit of ${commas(MAX_UNPACKED)}`);
    if (total > BOMB_FLOOR && total > MAX_RATIO * Math.max(packed, 1)) {
      throw new Unreadable(`unpacks to ${commas(total)} bytes from ${commas(packed)}: a bomb`);
    }
    await checkMembers(source, members, members.directory);
    const prefix = ZipSource.prefix(members.map((member) => member.name));
    for (const member of members) source.add(member, prefix);
    source.listEmpty(members, prefix);
    return source;
  }

  static prefix(names) {
    if (names.includes("bagit.txt")) return "";
    names = names.filter((name) => !name.startsWith(`${BESIDE}/`));
    const first = new Set(names.map((name) => name.split("/", 1)[0]));
    return first.size === 1 && names.every((name) => name.includes("/")) ? `${[...first][0]}/` : "";
  }

  add(member, prefix) {
    const name = member.name.startsWith(prefix) ? member.name.slice(prefix.length) : member.name;
    const type = member.mode & 0xf000;
    const problem = (subject, why) => this.problems.push([subject, why]);
    if (member.name.includes("\0")) problem(member.name, "a name with a null character");
    else if (member.again) problem(member.name, "a second name beside the first, which other programs read");
    else if (/[^\x00-\x7f]/.test(name) && !(member.flags & 0x800)) problem(name, "a name in an encoding that is not stated: programs read it differently");
    else if (name === "" || name.endsWith("/")) {
      if (member.size) problem(member.name, "a folder that holds bytes");
      if (type !== 0 && type !== 0x4000) problem(member.name, "a link or special file called as a folder is");
      const reason = name && escapes(name.replace(/\/+$/, ""));
      if (reason) problem(name, reason);
    } else if (escapes(name)) problem(name, escapes(name));
    else if (type !== 0 && type !== 0x8000) problem(name, "a link or special file");
    else if (member.flags & 1) problem(name, "encrypted");
    else if (member.method !== 0 && member.method !== 8) problem(name, "compressed in a way that this version does not read");
    else if (this.members.has(name)) problem(name, "stands twice in the ZIP file");
    else {
      this.members.set(name, member);
      this.files.set(name, member.size);
    }
  }

  listEmpty(members, prefix) {
    const filled = new Set();
    for (const name of this.files.keys()) {
      for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1)) filled.add(name.slice(0, at + 1));
    }
    for (const { name } of members) {
      const folder = name.startsWith(prefix) ? name.slice(prefix.length) : name;
      if (folder.endsWith("/") && !filled.has(folder)) this.empty.push(folder.replace(/\/+$/, ""));
    }
  }

  async *blocks(path) {
    const member = this.members.get(path);
    const from = await this.dataOffset(member);
    let size = 0;
    let crc = 0;
    for await (const block of this.unpacked(member, from)) {
      size += block.length;
      if (size > member.size) break;
      crc = crc32(crc, block);
      yield block;
    }
    if (size !== member.size) throw new Unreadable("cannot be read: it unpacks to another size than the ZIP file states");
    if (crc !== member.crc) throw new Unreadable("cannot be read: damaged in the ZIP file (its check sum differs)");
  }

  async *unpacked(member, from) {
    const to = from + member.packed;
    if (to > this.blob.size) throw new Unreadable("cannot be read: it leads out of the ZIP file");
    const small = member.packed <= NEAR / 2 ? await this.part(from, to) : null;
    if (member.method === 0) {
      if (small) yield small;
      else yield* readBlob(this.blob.slice(from, to));
    } else yield* inflated(small ? streamOf(small) : this.blob.slice(from, to).stream());
  }

  /** Bytes of the ZIP file; small neighbours are read together, because each reading takes its time. */
  async part(from, to) {
    if (to - from > NEAR / 2 || to > this.blob.size) return sliceOf(this.blob, from, to);
    let near = this.near.find((each) => from >= each.from && to <= each.to);
    if (!near) {
      const end = Math.min(from + NEAR, this.blob.size);
      near = { from, to: end, bytes: sliceOf(this.blob, from, end) };
      this.near = [near, ...this.near.slice(0, 5)];
    }
    return (await near.bytes).subarray(from - near.from, to - near.from);
  }

  /** Where a member's bytes begin: behind its own header, which must bear the same name as the directory. */
  async dataOffset(member) {
    const head = await this.part(member.offset, member.offset + 30);
    const data = view(head);
    if (data.getUint32(0, true) !== 0x04034b50) throw new Unreadable("cannot be read: damaged in the ZIP file");
    const nameLength = data.getUint16(26, true);
    const from = member.offset + 30 + nameLength + data.getUint16(28, true);
    const name = await this.part(member.offset + 30, member.offset + 30 + nameLength);
    if (!sameBytes(name, member.raw)) throw new Unreadable("cannot be read: the ZIP file names it in two ways");
    if (from + member.packed > member.end) throw new Unreadable("cannot be read: it overlaps another file of the ZIP file");
    return from;
  }
}

async function* readBlob(blob) {
  for (let at = 0; at < blob.size; at += READ_BLOCK) {
    yield await sliceOf(blob, at, Math.min(at + READ_BLOCK, blob.size));
  }
}

/** A Blob of the same bytes would go to another process of the browser and back. */
function streamOf(bytes) {
  return new ReadableStream({
    start(control) {
      if (bytes.length) control.enqueue(bytes);
      control.close();
    },
  });
}

/** Raw deflate (RFC 1951) by the browser. */
async function* inflated(stream) {
  const reader = stream.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable("cannot be read: damaged in the ZIP file");
  } finally {
    reader.cancel().catch(() => {});
  }
}
