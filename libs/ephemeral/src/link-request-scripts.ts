/**
 * Each script sees one hash: `status`, `origin`, `browser`, `hop`, `state_hash`. Only `create` sets the key's expiry.
 */
export const SCRIPTS = {
  // ARGV: origin JSON, seconds to live.
  create: `
    redis.call('HSET', KEYS[1], 'status', 'started', 'origin', ARGV[1])
    redis.call('EXPIRE', KEYS[1], ARGV[2])
    return 1`,

  // ARGV: browser hash, hop JSON, state hash. Sets all three unless another browser was first or the attempt is over.
  bind: `
    local found = redis.call('HMGET', KEYS[1], 'status', 'browser')
    if not found[1] then return 'missing' end
    if found[1] ~= 'started' and found[1] ~= 'redirected' then return 'finished' end
    if found[2] and found[2] ~= ARGV[1] then return 'other-browser' end
    redis.call('HSET', KEYS[1], 'status', 'redirected', 'browser', ARGV[1], 'hop', ARGV[2], 'state_hash', ARGV[3])
    return 'bound'`,

  // ARGV: browser hash, state hash. The state is checked first: without it the caller is nobody.
  claim: `
    local found = redis.call('HMGET', KEYS[1], 'status', 'browser', 'state_hash', 'origin', 'hop')
    if not found[1] then return { 'missing' } end
    if found[3] ~= ARGV[2] then return { 'wrong-state' } end
    if found[2] ~= ARGV[1] then return { 'other-browser' } end
    if found[1] ~= 'redirected' then return { 'repeated' } end
    redis.call('HSET', KEYS[1], 'status', 'exchanging')
    return { 'claimed', found[4], found[5] }`,

  // ARGV: browser hash. An attempt that is bound is its browser's to cancel; one that is not is anybody's who has it.
  cancel: `
    local found = redis.call('HMGET', KEYS[1], 'status', 'browser')
    if not found[1] or found[1] == 'issued' or found[1] == 'cancelled' then return 'finished' end
    if found[2] and found[2] ~= ARGV[1] then return 'other-browser' end
    redis.call('HSET', KEYS[1], 'status', 'cancelled')
    return 'cancelled'`,
  // ARGV: new status. 1 when it was changed.
  settle: `
    local status = redis.call('HGET', KEYS[1], 'status')
    if not status or status == 'issued' or status == 'cancelled' then return 0 end
    redis.call('HSET', KEYS[1], 'status', ARGV[1])
    return 1`,
} as const;
