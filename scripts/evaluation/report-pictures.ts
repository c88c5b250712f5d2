import { readFile } from 'node:fs/promises';
import type { EvaluationItem, Protocol } from '../../engine/evaluate/protocol.js';
import { neededPictures, type ReportPictures } from '../../engine/evaluate/report/html/picture-strips.js';
import type { EvaluationReport } from '../../engine/evaluate/report/report-schema.js';
import type { ImageLimits } from '../../engine/image/limits.js';
import { thumbnail } from '../../engine/image/thumbnail.js';

/** Side of the square that pictures of the report fit, pixels. */
const SIZE_PX = 128;

/** @returns thumbnails as data URLs of the pictures that the HTML report shows. */
export async function reportPictures(
  report: EvaluationReport,
  protocol: Protocol,
  limits: ImageLimits,
): Promise<ReportPictures> {
  const needed = neededPictures(report);
  return {
    queries: await dataUrls(needed.queries, protocol.queries, limits),
    gallery: await dataUrls(needed.gallery, protocol.gallery, limits),
  };
}

async function dataUrls(
  ids: readonly string[],
  items: readonly EvaluationItem[],
  limits: ImageLimits,
): Promise<Map<string, string>> {
  const paths = new Map(items.map(({ id, path }) => [id, path]));
  const urls = new Map<string, string>();
  for (const id of ids) {
    const picture = await thumbnail(await readFile(paths.get(id) ?? ''), { limits, size: SIZE_PX });
    urls.set(id, `data:image/webp;base64,${Buffer.from(picture).toString('base64')}`);
  }
  return urls;
}
