#!lua flags=no-writes
-- Reads an entity and a page of its journal, of one moment. `after` is a number; or empty, for whatever the snapshot of
-- this version leaves over.
-- Returns nothing for an unknown entity; otherwise its head, the time and the id of its newest commit, the number and
-- the state of the snapshot (if it has the version), the highest number that was given up, where the page begins,
-- and the page: chunks of the archive, or entries of the stream.
local now, log, archive = unpack(KEYS)
local after, version, most, most_bytes = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local head, at, commit, seq, has, archived, forgotten =
    unpack(redis.call('HMGET', now, 'head', 'at', 'commit', 'seq', 'version', 'archived', 'forgotten'))
if not head then
    return {}
end
local state = false
if version ~= '' and has == version then
    state = redis.call('HGET', now, 'state')
    after = seq
elseif after == '' then
    after = '0'
end
forgotten = forgotten or '0'

-- The entry that holds the number and those behind it, until there are enough of them.
local function page(stream, number)
    local found, bytes = redis.call('XREVRANGE', stream, number, '-', 'COUNT', 1), 0
    local from = '(' .. number
    while #found < most and bytes < most_bytes do
        local more = redis.call('XRANGE', stream, from, '+', 'COUNT', math.min(64, most - #found))
        if #more == 0 then
            break
        end
        for _, entry in ipairs(more) do
            found[#found + 1] = entry
            bytes = bytes + #entry[2][#entry[2]]
        end
        from = '(' .. more[#more][1]
    end
    return found
end

local begin = math.max(tonumber(after), tonumber(forgotten))
local number = string.format('%.0f-0', begin + 1)
local chunks, entries = {}, {}
if begin < tonumber(archived or '0') then
    most = 8
    chunks = page(archive, number)
elseif begin < tonumber(head) then
    entries = page(log, number)
end
return { head, at, commit, state and seq, state, forgotten, string.format('%.0f', begin), chunks, entries }
