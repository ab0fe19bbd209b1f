-- Who is a member of which room, and how far each has read: what an inbox is answered from.

-- The time of the newest event.
alter table room_rows add column at integer not null default 0;

update room_rows set at = coalesce((select entities.at from entities where entities.id = room_rows.id), 0);

create table room_members (
    member text not null,
    room_id text not null,
    primary key (member, room_id)
) strict, without rowid;

insert into room_members (member, room_id) select m.key, room_rows.id from room_rows, json_each(members) as m;

-- room_rows.members is a JSON array of ids from now on. Most changes of a room leave it as it is.
create trigger room_members_of_new_rooms after insert on room_rows
begin
    insert into room_members (member, room_id) select m.value, new.id from json_each(new.members) as m where true
    on conflict do nothing;
end;

create trigger room_members_of_known_rooms after update of members on room_rows when new.members is not old.members
begin
    insert into room_members (member, room_id) select m.value, new.id from json_each(new.members) as m where true
    on conflict do nothing;
end;

-- Not from the journals: how far somebody has read is a plain record.
create table room_reads (
    member text not null,
    room_id text not null,
    seq integer not null,
    primary key (member, room_id)
) strict, without rowid;
