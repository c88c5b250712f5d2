import { describe, expect, it } from 'vitest';
import { Admission } from '../../server/admission.js';

const never = new AbortController().signal;
const limits = { maxConcurrentRequests: 2, maxQueuedRequests: 2, maxBytesInFlight: 100 };

describe('admission', () => {
  it('lets in what fits, in order, and turns away what is too much', async () => {
    const admission = new Admission(limits);
    const first = await admission.enter(60, never);
    const entered: string[] = [];
    const large = admission.enter(50, never).then((slot) => (entered.push('large'), slot));
    // fits, but must not overtake
    const small = admission.enter(1, never).then((slot) => (entered.push('small'), slot));
    await expect(admission.enter(1, never)).rejects.toMatchObject({ code: 'overloaded' });
    expect(admission.stats).toEqual({ running: 1, queued: 2, bytesInFlight: 60 });
    first.free();
    first.free();
    (await large).free();
    (await small).free();
    expect(entered).toEqual(['large', 'small']);
    expect(admission.stats).toEqual({ running: 0, queued: 0, bytesInFlight: 0 });
  });

  it('forgets who gives up, and lets the next in', async () => {
    const admission = new Admission(limits);
    const first = await admission.enter(60, never);
    const impatient = new AbortController();
    const large = admission.enter(50, impatient.signal);
    const small = admission.enter(1, never);
    impatient.abort(new Error('gone'));
    await expect(large).rejects.toThrow('gone');
    await small;
    expect(admission.stats).toEqual({ running: 2, queued: 0, bytesInFlight: 61 });
    first.free();
  });

  it('reserves more for what the server fetches, and gives all of it back', async () => {
    const admission = new Admission(limits);
    const slot = await admission.enter(10, never);
    slot.reserve(90);
    expect(() => slot.reserve(1)).toThrow(expect.objectContaining({ code: 'overloaded' }));
    slot.free();
    expect(admission.stats.bytesInFlight).toBe(0);
    expect(() => slot.reserve(1)).toThrow();
  });
});
