import { LikenessError } from '../../engine/errors.js';
import type { RankGallery } from '../../engine/evaluate/ranking.js';
import { parseRanking } from '../parse-ranking.js';
import type { PictureGeometry } from './picture-geometry.js';
import { rankWithStages } from './rank-with-stages.js';

/** One way to rank what one model describes. */
export interface RankingVariant {
  /** Such as `ranking=alpha-qe`; '' where nothing is swept. */
  name: string;
  /** Absent: the plain exact ranking. */
  rank?: RankGallery;
}

/** Axes that do not touch the descriptors. */
const RANKING_AXES = ['ranking', 'dba'];
const MAX_NEIGHBOURS = 1000;

/** @returns whether an axis of a sweep says how to rank, so that it needs no further descriptors. */
export function isRankingAxis(axis: string): boolean {
  return RANKING_AXES.some((name) => axis.startsWith(`${name}=`));
}

/**
 * @param axes such as `ranking=none,alpha-qe:n=5+mmr` and `dba=0,10` (neighbours of each picture of the gallery)
 * @returns every combination of their values; without axes a single one that changes nothing
 * @throws `invalid_request` for a stage that needs metadata, or a value that is none
 */
export function combineRankings(axes: readonly string[], geometry: Pick<PictureGeometry, 'inliers'>): RankingVariant[] {
  if (axes.length === 0) return [{ name: '' }];
  const rankings = valuesOf('ranking', axes);
  const neighbours = valuesOf('dba', axes);
  return neighbours.flatMap((count) =>
    rankings.map((ranking) => ({
      name: [...named('dba', count), ...named('ranking', ranking)].join(' '),
      rank: rankWithStages(stagesOf(ranking ?? 'none'), neighboursOf(count ?? '0'), geometry),
    })),
  );
}

/** @returns the values of all axes of that name; one that is not given, without any. */
function valuesOf(name: string, axes: readonly string[]): (string | undefined)[] {
  const given = axes.filter((axis) => axis.startsWith(`${name}=`));
  if (given.length === 0) return [undefined];
  const values = given.flatMap((axis) => axis.slice(name.length + 1).split(',')).filter((value) => value !== '');
  if (values.length > 0) return values;
  throw new LikenessError('invalid_request', `--sweep: expected ${name}=VALUE,VALUE, got ${given.join(' ')}`);
}

function named(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${name}=${value}`];
}

function stagesOf(text: string): ReturnType<typeof parseRanking> {
  const stages = parseRanking('--sweep', text);
  const other = stages.find(({ stage }) => stage === 'metadata' || stage === 'group');
  if (other === undefined) return stages;
  const message = `--sweep: expected ranking stages that look at descriptors or pictures, got ${other.stage}`;
  throw new LikenessError('invalid_request', message);
}

function neighboursOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= MAX_NEIGHBOURS) return count;
  throw new LikenessError(
    'invalid_request',
    `--sweep: expected dba from 0 to ${MAX_NEIGHBOURS} neighbours, got ${text}`,
  );
}
