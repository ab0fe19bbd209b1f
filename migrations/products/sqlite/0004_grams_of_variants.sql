-- Published views tell what a unit weighs: read from the newest event that says so.

create temp table grams as
    select e.value->>'$.variant.id' as variant, e.value->>'$.variant.grams' as grams, position, e.key as nth
    from (select position, events from commits union all select position, events from archived_commits) as c,
         json_each(c.events) as e
    where e.value->>'$.type' in ('variant_added.v1', 'variant_changed.v1');

create index temp.grams_variant on grams (variant, position, nth);

update product_rows set view = json_set(view, '$.variants', (
    select json_group_array(json_set(v.value, '$.grams', coalesce(
        (select grams from grams where variant = v.value->>'$.id' order by position desc, nth desc limit 1), 0
    )))
    from json_each(view, '$.variants') as v
));

drop table temp.grams;
