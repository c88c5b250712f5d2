import { z } from 'zod';
import type { Region } from '../../types.js';
import { NO_IDS, type EvaluationItem, type Protocol } from '../protocol.js';
import { itemFinder } from './find-items.js';

const idsSchema = z.array(z.string());

/**
 * Ground truth of revisited Oxford or Paris (Radenovic 2018) as JSON. Ids are those of the listing, usually file names. The
 * published gnd_*.pkl holds the same under imlist, qimlist and gnd (with `bbx`), images as positions in imlist:
 *
 *     name = lambda i: g['imlist'][i] + '.jpg'
 *     {'gallery': [n + '.jpg' for n in g['imlist']],
 *      'queries': [{'id': q + '.jpg', 'bbox': list(map(float, t['bbx'])), **{k: [name(i) for i in t[k]] for k in ('easy', 'hard', 'junk')}}
 *                  for q, t in zip(g['qimlist'], g['gnd'])]}
 */
export const revisitedGroundTruthSchema = z.strictObject({
  gallery: idsSchema,
  queries: z.array(
    z.strictObject({
      id: z.string(),
      label: z.string().optional(),
      /** Pixels of the query picture: left, top, right, bottom. */
      bbox: z
        .tuple([z.number().min(0), z.number().min(0), z.number(), z.number()])
        .refine(([left, top, right, bottom]) => right > left && bottom > top, 'expected left < right and top < bottom'),
      easy: idsSchema,
      hard: idsSchema,
      junk: idsSchema,
    }),
  ),
});
export type RevisitedGroundTruth = z.infer<typeof revisitedGroundTruthSchema>;

export type RevisitedDifficulty = 'easy' | 'medium' | 'hard';

/** Which lists are right answers and which do not count; what is in no list is wrong. */
const SETUPS = {
  easy: { relevant: ['easy'], junk: ['junk', 'hard'] },
  medium: { relevant: ['easy', 'hard'], junk: ['junk'] },
  hard: { relevant: ['hard'], junk: ['junk', 'easy'] },
} as const;

/**
 * Revisited Oxford or Paris, in one of its three set-ups. Queries carry their box as region: they are cropped to it before
 * they are described. AP is the trapezoid one, as in the published tables.
 * @param pictures a listing with the gallery's and the queries' pictures
 * @throws invalid_request where the ground truth names a picture that the listing lacks.
 */
export function revisited(
  groundTruth: RevisitedGroundTruth,
  pictures: readonly EvaluationItem[],
  difficulty: RevisitedDifficulty,
): Protocol {
  const find = itemFinder(pictures, 'listing');
  const gallery = groundTruth.gallery.map(find);
  const inGallery = itemFinder(gallery, 'ground truth gallery');
  const setup = SETUPS[difficulty];
  const judgements = new Map(groundTruth.queries.map((query) => [query.id, query]));
  for (const { easy, hard, junk } of groundTruth.queries) [...easy, ...hard, ...junk].forEach(inGallery);
  const idsOf = (id: string, lists: readonly ('easy' | 'hard' | 'junk')[]): ReadonlySet<string> => {
    const query = judgements.get(id);
    return query ? new Set(lists.flatMap((list) => query[list])) : NO_IDS;
  };
  return {
    name: `revisited-${difficulty}`,
    queries: groundTruth.queries.map(({ id, label, bbox }) => ({
      ...find(id),
      label: label ?? find(id).label,
      region: toRegion(bbox),
    })),
    gallery,
    metrics: ['ap-trapezoid', 'precision@1', 'precision@5', 'precision@10'],
    relevant: ({ id }) => idsOf(id, setup.relevant),
    junk: ({ id }) => idsOf(id, setup.junk),
  };
}

function toRegion([left, top, right, bottom]: [number, number, number, number]): Region {
  return { x: left, y: top, width: right - left, height: bottom - top };
}
