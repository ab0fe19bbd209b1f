#!lua
-- Appends a commit when its predecessor is the newest event, with all that follows from it. Looks first, writes then.
-- Behind the fixed keys come the sets of persons who get a key, then the inboxes of the room's members.
-- Returns 1, or the head when it is another one.
local log, now, ids, due, unrelayed, secrets = unpack(KEYS, 1, 6)
local entity, predecessor, first, head, commit, at, events, due_at, relay, version, state, row, persons, row_at =
    unpack(ARGV, 1, 14)

local stands = redis.call('HGET', now, 'head') or '0'
if stands ~= predecessor then
    return stands
end
-- The stream itself takes only numbers above its newest: a second guard, should the hash be lost.
local added = redis.pcall('XADD', log, first .. '-0', 'head', head, 'commit', commit, 'at', at, 'events', events)
if type(added) == 'table' and added.err then
    return redis.error_reply('DAMAGED the stream of ' .. entity .. ' does not follow its head ' .. stands .. ': ' .. added.err)
end

redis.call('HSET', now, 'head', head, 'commit', commit, 'at', at)
if version ~= '' then
    redis.call('HSET', now, 'seq', head, 'version', version, 'state', state)
end
if row ~= '' then
    redis.call('HSET', now, 'row', row)
end
if predecessor == '0' then
    redis.call('ZADD', ids, 0, entity)
end
if due_at ~= '' then
    redis.call('ZADD', due, due_at, entity)
else
    redis.call('ZREM', due, entity)
end
if relay == '1' then
    redis.call('ZADD', unrelayed, 'NX', at, entity)
else
    redis.call('HSET', now, 'relayed', head)
    redis.call('ZREM', unrelayed, entity)
end
persons = tonumber(persons)
for person = 1, persons do
    local id, secret = ARGV[13 + 2 * person], ARGV[14 + 2 * person]
    redis.call('HSET', secrets, id, secret)
    redis.call('SADD', KEYS[6 + person], id)
end
for place = 7 + persons, #KEYS do
    redis.call('ZADD', KEYS[place], row_at, entity)
end
return 1
