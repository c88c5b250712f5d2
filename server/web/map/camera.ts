/** What of the map is seen: a point p of the map lies at p * scale + offset, in pixels. */
export interface Camera {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

const MARGIN = 40;
const SCALES = { least: 0.6, most: 60 };

/** The whole map in the middle. */
export function wholeMap({ width, height }: Size): Camera {
  const scale = Math.max(1, Math.min(width, height) - 2 * MARGIN);
  return { scale, x: (width - scale) / 2, y: (height - scale) / 2 };
}

/** Nearer or farther, with what lies under `at` staying there. @param whole what {@link wholeMap} gives */
export function zoom(camera: Camera, factor: number, at: Point, whole: Camera): Camera {
  const scale = Math.min(whole.scale * SCALES.most, Math.max(whole.scale * SCALES.least, camera.scale * factor));
  const by = scale / camera.scale;
  return { scale, x: at.x - (at.x - camera.x) * by, y: at.y - (at.y - camera.y) * by };
}

export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x + dx, y: camera.y + dy };
}

/** A picture of the map that is in sight, with where its middle is, in pixels. */
export interface Seen extends Point {
  index: number;
  /** Shown as a picture; as a dot where another picture has its place already. */
  asPicture: boolean;
}

/** What is in sight: in each cell of a grid that lies on the map, the first picture is shown as one. */
export function seen(places: Float32Array, camera: Camera, size: Size, cell: number): Seen[] {
  const taken = new Set<string>();
  const found: Seen[] = [];
  for (let index = 0; index * 2 < places.length; index++) {
    const [dx, dy] = [places[index * 2]! * camera.scale, places[index * 2 + 1]! * camera.scale];
    const [x, y] = [dx + camera.x, dy + camera.y];
    if (x < -cell || y < -cell || x > size.width + cell || y > size.height + cell) continue;
    // by the map and not the window, so that panning changes no choice
    const key = `${Math.floor(dx / cell)},${Math.floor(dy / cell)}`;
    found.push({ index, x, y, asPicture: !taken.has(key) });
    taken.add(key);
  }
  return found;
}

/** @returns the one nearest to a point, if it is near enough to be meant. */
export function nearestTo(found: readonly Seen[], at: Point, reach: number): Seen | undefined {
  const distance = (one: Seen) => Math.max(Math.abs(one.x - at.x), Math.abs(one.y - at.y));
  const near = found.filter((one) => distance(one) <= (one.asPicture ? reach : reach / 3));
  return near.reduce<Seen | undefined>(
    (best, one) => (best === undefined || distance(one) < distance(best) ? one : best),
    undefined,
  );
}
