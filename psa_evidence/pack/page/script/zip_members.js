// A ZIP file has one meaning: what its directory lists is all that it holds, and each member's own header says the same.

const TWO_MEANINGS = "its own header and the directory do not say the same of it: programs unpack it differently";
const BETWEEN_MEMBERS = "something stands before its members or between them that its directory does not list";
const OVERLAP = "its members overlap: a bomb, or a file with two meanings";
const ELSEWHERE = 0xffffffff;

/** Members must follow each other from the first byte up to the directory. Throws Unreadable. */
async function checkMembers(source, members, directory) {
  let here = 0;
  for (const member of [...members].sort((a, b) => a.offset - b.offset)) {
    if (member.offset !== here) throw new Unreadable(member.offset < here ? OVERLAP : BETWEEN_MEMBERS);
    const read = (from, to) => (member.packed > NEAR / 8 ? sliceOf(source.blob, from, to) : source.part(from, to));
    const head = view(await read(here, here + 30));
    const nameAt = here + 30;
    const extraAt = nameAt + head.getUint16(26, true);
    const from = extraAt + head.getUint16(28, true);
    const behind = view(await read(nameAt, from));
    const flags = head.getUint16(6, true);
    const streamed = (member.flags & 8) !== 0;
    const right = [member.crc, member.packed, member.size];
    const stated = [head.getUint32(14, true), ...statedSizes(head, behind, extraAt - nameAt)];
    const name = new Uint8Array(behind.buffer, behind.byteOffset, extraAt - nameAt);
    if (
      head.getUint32(0, true) !== 0x04034b50 || head.getUint16(8, true) !== member.method
      || (flags ^ member.flags) & 0x809 || !sameBytes(name, member.raw) || member.twice
      || !stated.every((found, n) => found === right[n] || (streamed && (found === 0 || found === ELSEWHERE)))
    ) throw new Unreadable(`${shown(member.name)}: ${TWO_MEANINGS}`);
    here = from + member.packed;
    if (streamed) here += descriptorLength(view(await read(here, Math.min(here + 24, source.blob.size))), right);
  }
  if (here !== directory) throw new Unreadable(here < directory ? BETWEEN_MEMBERS : OVERLAP);
}

/** Packed and whole size as a member's own header states them, from its ZIP64 field where it refers to it. */
function statedSizes(head, behind, extraFrom) {
  const [packed, size] = [head.getUint32(18, true), head.getUint32(22, true)];
  if (packed === ELSEWHERE || size === ELSEWHERE) {
    for (let at = extraFrom; at + 4 <= behind.byteLength; at += 4 + behind.getUint16(at + 2, true)) {
      if (behind.getUint16(at, true) === 1 && behind.getUint16(at + 2, true) >= 16 && at + 20 <= behind.byteLength) {
        return [packed === ELSEWHERE ? long(behind, at + 12) : packed, size === ELSEWHERE ? long(behind, at + 4) : size];
      }
    }
  }
  return [packed, size];
}

/** Of the data descriptor (APPNOTE 4.3.9) that `data` begins with; 0 when it does not. */
function descriptorLength(data, [crc, packed, size]) {
  for (const at of [4, 0]) {
    if (at && (data.byteLength < 4 || data.getUint32(0, true) !== 0x08074b50)) continue;
    if (data.byteLength < at + 12 || data.getUint32(at, true) !== crc) continue;
    if (data.getUint32(at + 4, true) === packed && data.getUint32(at + 8, true) === size) return at + 12;
    if (data.byteLength >= at + 20 && long(data, at + 4) === packed && long(data, at + 12) === size) return at + 20;
  }
  return 0;
}
