import sharp from 'sharp';

/** A JPEG with structure: stripes and a disc in colours, widths and places chosen by the seed. Same seed, same bytes. */
export function drawPicture(seed: number, { width = 160, height = 160 } = {}): Promise<Buffer> {
  const data = new Uint8Array(width * height * 3);
  const [ground, stripe, disc] = [colour(seed), colour(seed * 3 + 1), colour(seed * 7 + 2)];
  const period = 8 + (seed % 11) * 3;
  const [cx, cy, radius] = [30 + ((seed * 37) % (width - 60)), 30 + ((seed * 53) % (height - 60)), 14 + (seed % 5) * 8];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inDisc = (x - cx) ** 2 + (y - cy) ** 2 < radius ** 2;
      const inStripe = (x * (1 + (seed % 3)) + y * (seed % 4)) % period < period / 3;
      data.set(inDisc ? disc : inStripe ? stripe : ground, (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

function colour(seed: number): [number, number, number] {
  return [(seed * 89 + 40) % 256, (seed * 151 + 90) % 256, (seed * 211 + 140) % 256];
}
