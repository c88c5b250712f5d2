import { describe, expect, it } from 'vitest';
import { formatNumber, formatShare, isSupported } from '../../../../engine/evaluate/report/format-number.js';
import { renderTextReport } from '../../../../engine/evaluate/report/text-report.js';
import { sampleReport } from './sample-report.js';

describe('report as text', () => {
  it('prints results, drops and differences in columns', async () => {
    const report = await sampleReport();
    const text = renderTextReport(report);
    expect(text).toContain('leave-one-out: 9 queries against 9 pictures\n[ ]: 95 % bootstrap interval');
    const ap = formatNumber(report.systems[0]!.runs[0]!.metrics.ap!.mean);
    expect(text).toMatch(new RegExp(`^plain +${ap} \\[`, 'm'));
    expect(text).toMatch(/^system +mAP \(finite sum\) +R@1 \(hit\)$/m);
    expect(text).toMatch(/^grey +\d\.\d{3} +−?\d\.\d{3} \[/m);
    expect(text.match(/^robust <b> - plain/gm)).toHaveLength(3);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('compares by the headline metric', async () => {
    const report = await sampleReport();
    for (const one of report.comparisons) one.difference.mean = one.metric === 'ap' ? 0.123 : 0.456;
    const text = renderTextReport(report);
    expect(text).toMatch(/^robust <b> - plain +none +0\.123 \[/m);
    expect(text).not.toContain('0.456');
  });

  it('tells how long the stages of a ranking take', async () => {
    const report = await sampleReport();
    expect(renderTextReport(report)).not.toContain('ms a query');
    report.systems[1]!.runs[0]!.timings = { search: 1.26, mmr: 30 };
    const text = renderTextReport(report);
    expect(text).toMatch(/^system .* ranking, ms a query$/m);
    expect(text).toMatch(/^robust <b> .*\] +search 1\.3, mmr 30\.0$/m);
  });

  it('says how many queries were left out, and leaves out parts without content', async () => {
    const report = await sampleReport(3, ['plain']);
    const alone = {
      ...report,
      protocol: { ...report.protocol, withoutPositives: 2 },
      systems: report.systems.map((system) => ({ ...system, runs: system.runs.slice(0, 1) })),
    };
    const text = renderTextReport(alone);
    expect(text).toContain('9 queries (2 without right answers left out)');
    expect(text).not.toContain('by transform');
    expect(text).not.toContain('paired by query');
  });

  it('formats numbers', () => {
    expect([0.17549, -0.0124, -0.0001, 3.5].map(formatNumber)).toEqual(['0.175', '−0.012', '0.000', '3.500']);
    expect([0.95, 0.999].map(formatShare)).toEqual(['95 %', '99.9 %']);
    const range = (low: number, high: number) => isSupported({ mean: 0, low, high });
    expect([range(0.1, 0.2), range(-0.2, -0.1), range(-0.1, 0.1), range(0, 0.1)]).toEqual([true, true, false, false]);
  });
});
