import { describe, expect, it } from 'vitest';
import { TokenAttempts } from './attempts.ts';

const LIMIT = { failures: 3, spanMs: 1_000 };

describe('tokens that open nothing', () => {
  it('are counted by address, and tried no more for a while once there were too many', () => {
    let now = 0;
    const attempts = new TokenAttempts({ now: () => now }, LIMIT);
    for (let n = 0; n < LIMIT.failures; n++) {
      attempts.check('192.0.2.1');
      attempts.failed('192.0.2.1');
    }
    expect(() => attempts.check('192.0.2.1')).toThrow(expect.objectContaining({ code: 'too-many-attempts', retryAfterS: 1 }));
    expect(() => attempts.check('192.0.2.2')).not.toThrow();
    now = 1_001;
    expect(() => attempts.check('192.0.2.1')).not.toThrow();
  });

  it('are told when another is listened to', () => {
    let now = 0;
    const attempts = new TokenAttempts({ now: () => now }, { failures: 2, spanMs: 600_000 });
    for (const at of [0, 100_000, 250_500]) {
      now = at;
      attempts.failed('192.0.2.1');
    }
    now = 300_000;
    // The second and the third are too many; the second is forgotten ten minutes after it.
    expect(() => attempts.check('192.0.2.1')).toThrow(expect.objectContaining({ retryAfterS: 400 }));
    now = 700_000;
    expect(() => attempts.check('192.0.2.1')).not.toThrow();
  });

  it('of very many addresses do not fill the memory', () => {
    const attempts = new TokenAttempts({ now: () => 0 }, { failures: 1, spanMs: 1_000 });
    for (let n = 0; n < 10_001; n++) attempts.failed(`address ${n}`);
    expect(() => attempts.check('address 0')).not.toThrow();
    expect(() => attempts.check('address 10000')).toThrow();
  });
});
