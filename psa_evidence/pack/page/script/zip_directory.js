// The directory of a ZIP file (PKWARE APPNOTE 4.3), read from its end. Names are judged, nothing is unpacked.

const MAX_DIRECTORY = 512 * 1048576;
const CP437 = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** The bytes of a part of the ZIP file. Throws Unreadable. */
async function sliceOf(blob, from, to) {
  if (from < 0 || to > blob.size || from > to) throw new Unreadable("the ZIP file is cut off or its directory leads out of it");
  try {
    return new Uint8Array(await blob.slice(from, to).arrayBuffer());
  } catch {
    throw new Unreadable("the ZIP file cannot be read");
  }
}

function view(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A 64-bit number; one over 2^53 is over every limit here and stands for itself well enough. */
function long(data, at) {
  return data.getUint32(at, true) + data.getUint32(at + 4, true) * 0x100000000;
}

/** {offset, size, count} of the central directory; offsets are counted from the start of the file. */
async function directoryPlace(blob) {
  const start = Math.max(0, blob.size - 22 - 65535 - 20);
  const tail = await sliceOf(blob, start, blob.size);
  let end = -1;
  for (let at = tail.length - 22; at >= 0 && end < 0; at -= 1) {
    if (tail[at] === 0x50 && tail[at + 1] === 0x4b && tail[at + 2] === 5 && tail[at + 3] === 6) end = at;
  }
  if (end < 0) throw new Unreadable("neither a folder nor a readable ZIP file: no directory at its end");
  const data = view(tail);
  if (tail.length - end - 22 !== data.getUint16(end + 20, true)) throw new Unreadable("neither a folder nor a readable ZIP file: something stands behind its end");
  if (data.getUint16(end + 4, true) || data.getUint16(end + 6, true)) throw new Unreadable("a ZIP file in several parts");
  let place = { count: data.getUint16(end + 10, true), size: data.getUint32(end + 12, true), offset: data.getUint32(end + 16, true) };
  let after = start + end;
  const locator = end - 20;
  if (locator >= 0 && data.getUint32(locator, true) === 0x07064b50) {
    const at = long(data, locator + 8);
    const record = view(await sliceOf(blob, at, at + 56));
    if (record.getUint32(0, true) !== 0x06064b50) throw new Unreadable("the ZIP file's directory is damaged");
    place = { count: long(record, 32), size: long(record, 40), offset: long(record, 48) };
    after = at;
  }
  if (place.size > MAX_DIRECTORY) throw new Unreadable(`a ZIP directory of ${commas(place.size)} bytes, over the limit of ${commas(MAX_DIRECTORY)}`);
  if (place.count > MAX_FILES) throw new Unreadable(`more than ${commas(MAX_FILES)} files`);
  if (place.offset + place.size !== after) throw new Unreadable("its directory is not where its end says: something stands before or within it");
  return place;
}

/** The members of a ZIP file: [{name, again, twice, flags, method, crc, packed, size, mode, offset}] in their order;
 * `directory` of the list is where the directory begins. */
async function zipDirectory(blob) {
  const place = await directoryPlace(blob);
  const bytes = await sliceOf(blob, place.offset, place.offset + place.size);
  const data = view(bytes);
  const members = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 46 > bytes.length || data.getUint32(at, true) !== 0x02014b50) throw new Unreadable("the ZIP file's directory is damaged");
    const flags = data.getUint16(at + 8, true);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => data.getUint16(at + place, true));
    const nameAt = at + 46;
    const extraAt = nameAt + nameLength;
    const next = extraAt + extraLength + commentLength;
    if (next > bytes.length) throw new Unreadable("the ZIP file's directory is damaged");
    const raw = bytes.subarray(nameAt, extraAt);
    const member = {
      raw, flags, name: memberName(raw, flags), method: data.getUint16(at + 10, true), crc: data.getUint32(at + 16, true),
      packed: data.getUint32(at + 20, true), size: data.getUint32(at + 24, true),
      mode: data.getUint32(at + 38, true) >>> 16, offset: data.getUint32(at + 42, true), end: place.offset,
    };
    longFields(member, data, extraAt, extraAt + extraLength);
    members.push(member);
    at = next;
  }
  if (members.length !== place.count) throw new Unreadable("the ZIP file's directory does not hold as many files as it says");
  const byPlace = [...members].sort((a, b) => b.offset - a.offset);
  let end = place.offset;
  for (const member of byPlace) {
    member.end = end;
    end = member.offset;
  }
  members.directory = place.offset;
  return members;
}

/** What stands in extra fields: Zip64 values stand for those that are all ones (APPNOTE 4.5.3); a Unicode path (0x7075) is a second name.
 * `twice` says that one of them stands there again. */
function longFields(member, data, from, to) {
  const seen = new Set();
  for (let at = from; at + 4 <= to; ) {
    const tag = data.getUint16(at, true);
    let field = at + 4;
    const end = field + data.getUint16(at + 2, true);
    if ((tag === 1 || tag === 0x7075) && seen.has(tag)) member.twice = true;
    seen.add(tag);
    if (tag === 0x7075) member.again = true;
    if (end > to) throw new Unreadable("the ZIP file's directory is damaged");
    if (tag === 1) {
      for (const name of ["size", "packed", "offset"]) {
        if (member[name] !== 0xffffffff) continue;
        if (field + 8 > end) throw new Unreadable("the ZIP file's directory is damaged");
        member[name] = long(data, field);
        field += 8;
      }
    }
    at = end;
  }
}

function memberName(raw, flags) {
  if (flags & 0x800) return textOf(raw, "neither a folder nor a readable ZIP file: a name that is not UTF-8");
  let name = "";
  for (const byte of raw) name += byte < 128 ? String.fromCharCode(byte) : CP437[byte - 128];
  return name;
}
