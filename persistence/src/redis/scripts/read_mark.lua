#!lua
-- Remembers how far a member has read a room. It never goes back.
local reads, member, seq = KEYS[1], ARGV[1], ARGV[2]
if tonumber(seq) > tonumber(redis.call('HGET', reads, member) or '0') then
    redis.call('HSET', reads, member, seq)
end
return 1
