#!lua
-- Moves the relay mark of an entity forward; never back, never past the head.
local now, unrelayed = unpack(KEYS)
local entity, to = ARGV[1], tonumber(ARGV[2])

local head = redis.call('HGET', now, 'head')
if not head then
    return 0
end
to = math.min(to, tonumber(head))
if to > tonumber(redis.call('HGET', now, 'relayed') or '0') then
    redis.call('HSET', now, 'relayed', string.format('%.0f', to))
    if to == tonumber(head) then
        redis.call('ZREM', unrelayed, entity)
    end
end
return 1
