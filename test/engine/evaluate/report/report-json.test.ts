import { describe, expect, it } from 'vitest';
import { reportFromJson, reportToJson } from '../../../../engine/evaluate/report/report-json.js';
import { sampleReport } from './sample-report.js';

describe('report as JSON', () => {
  it('comes back as it went, and the same run gives the same bytes', async () => {
    const report = await sampleReport();
    expect(reportFromJson(reportToJson(report))).toEqual(report);
    expect(reportToJson(report)).toBe(reportToJson(await sampleReport()));
  });

  it('keeps its shape', async () => {
    const report = await sampleReport();
    expect(Object.keys(report).join()).toBe('format,protocol,metrics,bootstrap,queries,systems,comparisons');
    expect(Object.keys(report.systems[0]!).join()).toBe('name,runs,best,worst');
    expect(Object.keys(report.systems[0]!.runs[1]!).join()).toBe('transform,metrics,drop,values,byLabel,curve');
  });

  it('refuses anything else', () => {
    expect(() => reportFromJson('{')).toThrow(expect.objectContaining({ code: 'invalid_json' }));
    expect(() => reportFromJson('{"format":2}')).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});
