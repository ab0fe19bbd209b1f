#!lua
-- Puts a chunk of archived commits, the oldest of their entity, where a move brings them. Returns 1, or 0 when they are
-- there already.
local now, archive, ids = unpack(KEYS)
local entity, first, last, commits, chunk, commit, at = unpack(ARGV, 1, 7)

local archived = redis.call('HGET', now, 'archived') or '0'
if tonumber(archived) >= tonumber(last) then
    return 0
end
if tonumber(archived) + 1 ~= tonumber(first) then
    return redis.error_reply('DAMAGED the archive of ' .. entity .. ' ends at ' .. archived .. ', the next commit begins at ' .. first)
end
local added = redis.pcall('XADD', archive, first .. '-0', 'head', last, 'commits', commits, 'chunk', chunk)
if type(added) == 'table' and added.err then
    return redis.error_reply('DAMAGED the archive of ' .. entity .. ' does not take number ' .. first .. ': ' .. added.err)
end
redis.call('HSET', now, 'head', last, 'commit', commit, 'at', at, 'relayed', last, 'archived', last)
redis.call('HINCRBY', now, 'archived_commits', commits)
redis.call('ZADD', ids, 0, entity)
return 1
