import { readFileSync } from 'node:fs';

/** @returns whether the CPU has AVX2 and FMA; false where that cannot be read (no Linux, not x86). */
export function hasAvx2(cpuInfo: string = readCpuInfo()): boolean {
  const flags = /^flags\s*:(.*)$/m.exec(cpuInfo)?.[1]?.split(/\s+/) ?? [];
  return flags.includes('avx2') && flags.includes('fma');
}

function readCpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
