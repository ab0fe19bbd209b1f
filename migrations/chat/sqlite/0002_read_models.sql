-- What queries are answered from. Every row can be built again from the journals.

create table room_rows (
    id text not null primary key,
    seq integer not null,
    kind text not null,
    subject_id text,
    -- JSON: the last number read by each member, by the member's id.
    members text not null
) strict;

create index room_rows_subject on room_rows (kind, subject_id);
