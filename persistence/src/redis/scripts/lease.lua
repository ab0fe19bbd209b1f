#!lua
-- Takes a lease that is free, or renews one's own; it runs out by the server's clock. Returns the term, or 0 when another
-- node has it.
local lease, term, node, millis = KEYS[1], KEYS[2], ARGV[1], ARGV[2]
local holder = redis.call('GET', lease)
if holder == node then
    redis.call('PEXPIRE', lease, millis)
    return tonumber(redis.call('GET', term))
end
if holder then
    return 0
end
redis.call('SET', lease, node, 'PX', millis)
return redis.call('INCR', term)
