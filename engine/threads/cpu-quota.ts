import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where a cgroup's CPU quota may be read: version 2, then version 1. */
const CGROUP_V2 = '/sys/fs/cgroup/cpu.max';
const CGROUP_V1 = ['/sys/fs/cgroup/cpu/cpu.cfs_quota_us', '/sys/fs/cgroup/cpu/cpu.cfs_period_us'] as const;

/** @returns whole CPUs that this process may keep busy: the affinity mask cut to the cgroup's quota, at least 1. */
export function cpuQuota(read: (path: string) => string | undefined = readOrUndefined): number {
  const quota = parseV2(read(CGROUP_V2)) ?? parseV1(read(CGROUP_V1[0]), read(CGROUP_V1[1])) ?? Infinity;
  return Math.max(1, Math.floor(Math.min(availableParallelism(), Math.ceil(quota))));
}

function parseV2(text: string | undefined): number | undefined {
  const [quota, period] = (text ?? '').trim().split(/\s+/);
  return toCpus(Number(quota), Number(period));
}

function parseV1(quota: string | undefined, period: string | undefined): number | undefined {
  return toCpus(Number(quota), Number(period));
}

function toCpus(quotaUs: number, periodUs: number): number | undefined {
  return quotaUs > 0 && periodUs > 0 ? quotaUs / periodUs : undefined;
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
