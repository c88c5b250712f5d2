/** IEEE 754 binary16 as its 16 bits: 1 sign, 5 exponent (bias 15), 10 fraction. Node 20 has no Float16Array. */

const scratch = new DataView(new ArrayBuffer(4));
/** The number of each of the 65536 halves, made when first asked for: a network has millions of weights to look up. */
let allHalves: Float32Array | undefined;

/** @returns the number that the 16 bits stand for; exact, since every half is a float32. */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** @returns the 16 bits of the half nearest to the number, ties to even; beyond 65504 (by half a step) an infinity. */
export function numberToFloat16(value: number): number {
  scratch.setFloat32(0, value);
  const sign = (scratch.getUint32(0) >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundHalfEven(magnitude * 2 ** 24);
  const exponent = floorLog2(magnitude);
  // a fraction that rounds up to 1024 carries into the exponent, which is the right half then too
  return sign | (((exponent + 15) << 10) + roundHalfEven((magnitude / 2 ** exponent - 1) * 1024));
}

/** @returns every number as a half's bits. */
export function toFloat16Bits(values: ArrayLike<number>): Uint16Array {
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) bits[i] = numberToFloat16(values[i]!);
  return bits;
}

/** @returns every half's bits as a number. */
export function fromFloat16Bits(bits: ArrayLike<number>): Float32Array {
  const table = (allHalves ??= Float32Array.from({ length: 65_536 }, (_, half) => float16ToNumber(half)));
  const values = new Float32Array(bits.length);
  for (let i = 0; i < values.length; i++) values[i] = table[bits[i]!]!;
  return values;
}

/** Of a number whose rounding to float32 is normal; that rounding may lift it to the next power of two, so it is put right. */
function floorLog2(magnitude: number): number {
  scratch.setFloat32(0, magnitude);
  const exponent = ((scratch.getUint32(0) >>> 23) & 0xff) - 127;
  return 2 ** exponent > magnitude ? exponent - 1 : exponent;
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
