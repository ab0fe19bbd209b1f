-- Work that one node at a time does for all. A lease runs out on this server's clock.

create table leases (
    name text collate "C" not null primary key,
    -- None: given back.
    holder uuid,
    -- Grows each time that the lease changes its holder.
    term bigint not null,
    ends_at timestamptz not null
);
