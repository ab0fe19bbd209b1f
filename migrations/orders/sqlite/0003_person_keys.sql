-- The keys that personal values are sealed with. Erasing a person is deleting theirs.

create table person_keys (
    -- 16 random bytes; what was sealed names it.
    id blob not null primary key,
    -- An account, a guest, or the cart of somebody without a name. One person can have many keys.
    person text not null,
    -- 32 bytes, for AES-256-GCM.
    secret blob not null
) strict, without rowid;

create index person_keys_person on person_keys (person);
