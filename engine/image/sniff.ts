/** The picture formats that are read; each is what it is by its first bytes, never by a name or a media type. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff';

/** What the first bytes say: a format that is read, or the name of what came instead, with a hint where one helps. */
export type Sniffed = { format: ImageFormat } | { other: string; hint?: string };

const HEIC_HINT = 'convert it to JPEG or AVIF';

/** [first bytes as latin1, what they mean]; the first match wins. */
const SIGNATURES: readonly (readonly [string, Sniffed])[] = [
  ['\xff\xd8\xff', { format: 'jpeg' }],
  ['\x89PNG\r\n\x1a\n', { format: 'png' }],
  ['GIF87a', { format: 'gif' }],
  ['GIF89a', { format: 'gif' }],
  ['II*\0', { format: 'tiff' }],
  ['MM\0*', { format: 'tiff' }],
  ['II+\0', { format: 'tiff' }], // BigTIFF
  ['MM\0+', { format: 'tiff' }],
  ['%PDF', { other: 'PDF' }],
  ['BM', { other: 'BMP' }],
  ['8BPS', { other: 'Photoshop' }],
  ['\0\0\x01\0', { other: 'ICO' }],
  ['\xff\x0a', { other: 'JPEG XL' }],
  ['\0\0\0\x0cJXL ', { other: 'JPEG XL' }],
  ['\0\0\0\x0cjP  ', { other: 'JPEG 2000' }],
  ['PK\x03\x04', { other: 'ZIP' }],
  ['\x1f\x8b', { other: 'gzip' }],
  ['\x1aE\xdf\xa3', { other: 'Matroska or WebM video' }],
];

/** @returns the format of a picture by its first bytes. */
export function sniffFormat(bytes: Uint8Array): Sniffed {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 512)).toString('latin1');
  const known = SIGNATURES.find(([signature]) => head.startsWith(signature));
  if (known) return known[1];
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return { format: 'webp' };
  if (head.slice(4, 8) === 'ftyp') return sniffIsoMedia(head);
  return { other: sniffText(head) };
}

/** ISO base media (ISO/IEC 14496-12): a size, 'ftyp', the major brand, a version, then the compatible brands. */
function sniffIsoMedia(head: string): Sniffed {
  const boxSize = Buffer.from(head.slice(0, 4), 'latin1').readUInt32BE();
  const brands = [head.slice(8, 12), ...(head.slice(16, boxSize).match(/.{4}/gs) ?? [])];
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return { format: 'avif' };
  if (brands.some((brand) => /^he[iv][cxms]$/.test(brand))) return { other: 'HEIC', hint: HEIC_HINT };
  if (brands.some((brand) => brand === 'mif1' || brand === 'msf1')) return { other: 'HEIF', hint: HEIC_HINT };
  return { other: 'MP4 or QuickTime video' };
}

function sniffText(head: string): string {
  if (/<svg[\s>]/i.test(head)) return 'SVG';
  if (/^\s*<(!doctype html|html)/i.test(head)) return 'HTML';
  if (/^P[1-6]\s/.test(head)) return 'Netpbm';
  // eslint-disable-next-line no-control-regex -- bytes below the space other than white space mean that this is no text
  return /[\x00-\x08\x0e-\x1f]/.test(head) ? 'unknown data' : 'text';
}
