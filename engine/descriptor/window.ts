import type { FeatureMap } from '../types.js';
import type { CellRegion } from './rmac-grid.js';

/** A part of a picture by its edges, in fractions of it. */
export interface WindowEdges {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** @returns the cells that the part covers, its edges moved to the nearest cell edges; at least one cell each way. */
export function windowCells({ left, top, right, bottom }: WindowEdges, height: number, width: number): CellRegion {
  const horizontal = span(left, right, width);
  const vertical = span(top, bottom, height);
  return { x: horizontal.start, y: vertical.start, width: horizontal.length, height: vertical.length };
}

function span(from: number, to: number, cells: number) {
  const start = Math.min(cells - 1, Math.max(0, Math.round(from * cells)));
  return { start, length: Math.max(1, Math.min(cells, Math.round(to * cells)) - start) };
}

/** @returns a copy of a part of the map: what the backbone says of a part of a picture that it saw whole. */
export function windowOf(map: FeatureMap, region: CellRegion): FeatureMap {
  const { channels, height, width, data } = map;
  const cells = region.width * region.height;
  const part = new Float32Array(channels * cells);
  for (let channel = 0; channel < channels; channel++) {
    const plane = data.subarray(channel * height * width, (channel + 1) * height * width);
    part.set(planeWindow(plane, width, region), channel * cells);
  }
  return { channels, height: region.height, width: region.width, data: part };
}

/** As {@link windowOf}, of one plane such as the weights of cells. */
export function planeWindow(plane: Float32Array, width: number, region: CellRegion): Float32Array {
  const part = new Float32Array(region.width * region.height);
  for (let row = 0; row < region.height; row++) {
    const start = (region.y + row) * width + region.x;
    part.set(plane.subarray(start, start + region.width), row * region.width);
  }
  return part;
}
