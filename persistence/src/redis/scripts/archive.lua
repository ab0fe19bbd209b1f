#!lua
-- Moves the oldest commits of a stream into one chunk of the archive, and gives up the oldest chunks beyond the bound.
-- Returns 1, or 0 when somebody else has moved them.
local now, log, archive = unpack(KEYS)
local first, last, commits, chunk, bound = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])

local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
if not oldest or oldest[1] ~= first .. '-0' then
    return 0
end
local archived = redis.call('HGET', now, 'archived') or '0'
if tonumber(archived) + 1 ~= tonumber(first) then
    return redis.error_reply('DAMAGED the archive ends at ' .. archived .. ', the stream begins at ' .. first)
end
local added = redis.pcall('XADD', archive, first .. '-0', 'head', last, 'commits', commits, 'chunk', chunk)
if type(added) == 'table' and added.err then
    return redis.error_reply('DAMAGED the archive does not take number ' .. first .. ': ' .. added.err)
end
redis.call('XTRIM', log, 'MINID', string.format('%.0f-0', tonumber(last) + 1))
redis.call('HSET', now, 'archived', last)

local kept = redis.call('HINCRBY', now, 'archived_commits', commits)
while bound > 0 and kept > bound and redis.call('XLEN', archive) > 1 do
    local entry = redis.call('XRANGE', archive, '-', '+', 'COUNT', 1)[1]
    redis.call('XDEL', archive, entry[1])
    redis.call('HSET', now, 'forgotten', entry[2][2])
    kept = redis.call('HINCRBY', now, 'archived_commits', -tonumber(entry[2][4]))
end
return 1
