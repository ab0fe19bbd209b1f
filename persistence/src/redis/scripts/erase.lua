#!lua
-- Deletes the keys of a person. Returns how many there were.
local secrets, person = unpack(KEYS)
local count = 0
for _, id in ipairs(redis.call('SMEMBERS', person)) do
    count = count + redis.call('HDEL', secrets, id)
end
redis.call('DEL', person)
return count
