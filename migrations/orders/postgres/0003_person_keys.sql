-- The keys that personal values are sealed with. Erasing a person is deleting theirs.

create table person_keys (
    -- Random; what was sealed names it.
    id uuid primary key,
    -- An account, a guest, or the cart of somebody without a name. One person can have many keys.
    person text collate "C" not null,
    -- 32 bytes, for AES-256-GCM.
    secret bytea not null check (length(secret) = 32)
);

create index person_keys_person on person_keys (person);
