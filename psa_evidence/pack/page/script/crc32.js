// CRC-32 as in ZIP files (ISO 3309), four tables at a time. It finds damage, not attacks.

const CRC_TABLES = Array.from({ length: 4 }, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte += 1) {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  CRC_TABLES[0][byte] = value;
}
for (let byte = 0; byte < 256; byte += 1) {
  for (let n = 1; n < 4; n += 1) {
    const before = CRC_TABLES[n - 1][byte];
    CRC_TABLES[n][byte] = (before >>> 8) ^ CRC_TABLES[0][before & 255];
  }
}

/** The CRC of what went before (`crc`, at first 0) and `bytes`: an unsigned number. */
function crc32(crc, bytes) {
  const [t0, t1, t2, t3] = CRC_TABLES;
  let c = ~crc;
  let at = 0;
  const fours = bytes.length - (bytes.length % 4);
  for (; at < fours; at += 4) {
    c ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    c = t3[c & 255] ^ t2[(c >>> 8) & 255] ^ t1[(c >>> 16) & 255] ^ t0[c >>> 24];
  }
  for (; at < bytes.length; at += 1) c = (c >>> 8) ^ t0[(c ^ bytes[at]) & 255];
  return ~c >>> 0;
}
