use super::command::{ProductAnswer, ProductCommand, ProductRefusal, Shortage};
use super::event::ProductEvent;
use super::import;
use super::state::{HeldLine, Hold, Product, Status, Stock, Variant};
use crate::aggregate::Aggregate;
use crate::id::OrderId;
use crate::planted::{self, Bug};
use crate::time::Timestamp;

/// How many orders may hold units of one product at once: bounds the state in memory.
pub const MAX_OPEN_HOLDS: usize = 100_000;

impl Aggregate for Product {
    const SNAPSHOT_VERSION: u32 = 1;
    type Command = ProductCommand;
    type Event = ProductEvent;
    type Refusal = ProductRefusal;
    type Answer = ProductAnswer;

    fn decide(&self, command: &ProductCommand, now: Timestamp) -> Result<Vec<ProductEvent>, ProductRefusal> {
        match command {
            ProductCommand::Import { id, product } => Ok(import::decide(self, *id, product, now)),
            ProductCommand::Hold { order, lines, not_after } => self.decide_hold(*order, lines, *not_after, now),
            ProductCommand::Release { order, not_after } => self.decide_release(*order, *not_after, now),
            ProductCommand::Sell { order } => self.decide_sell(*order),
        }
    }

    fn evolve(&mut self, event: &ProductEvent) {
        match event {
            ProductEvent::Created { id, at, details } => {
                self.id = Some(*id);
                self.created_at = *at;
                self.details = details.clone();
                self.version += 1;
            }
            ProductEvent::DetailsChanged { details } => {
                self.details = details.clone();
                self.version += 1;
            }
            ProductEvent::VariantAdded { variant, price, compare_at_price, tracked } => {
                self.variants.push(Variant::new(variant.clone(), *price, *compare_at_price, *tracked));
                self.version += 1;
            }
            ProductEvent::VariantChanged { variant: details } => {
                if let Some(variant) = self.variant_mut(details.id) {
                    variant.sku.clone_from(&details.sku);
                    variant.title.clone_from(&details.title);
                    variant.options.clone_from(&details.options);
                    variant.grams = details.grams;
                }
                self.version += 1;
            }
            ProductEvent::Repriced { variant, price, compare_at_price } => {
                if let Some(variant) = self.variant_mut(*variant) {
                    variant.price = *price;
                    variant.compare_at_price = *compare_at_price;
                }
                self.version += 1;
            }
            ProductEvent::Stocked { variant, quantity, imported } => {
                if let Some(variant) = self.variant_mut(*variant) {
                    let stock = variant.stock.get_or_insert_default();
                    stock.on_hand += quantity;
                    stock.stocked += quantity;
                    variant.last_imported = imported.or(variant.last_imported);
                }
            }
            ProductEvent::StockAdjusted { variant, delta, imported } => {
                if let Some(variant) = self.variant_mut(*variant) {
                    let stock = variant.stock.get_or_insert_default();
                    stock.on_hand += delta;
                    stock.adjusted += delta;
                    variant.last_imported = imported.or(variant.last_imported);
                }
            }
            ProductEvent::Held { order, lines } => {
                self.move_stock(lines, |stock, units| stock.held += units);
                self.holds.insert(*order, Hold { lines: lines.clone() });
            }
            ProductEvent::Released { order, lines } => {
                self.holds.remove(order);
                self.move_stock(lines, |stock, units| stock.held -= units);
            }
            ProductEvent::Sold { order, lines } => {
                self.holds.remove(order);
                self.move_stock(lines, |stock, units| {
                    stock.held -= units;
                    stock.on_hand -= units;
                    stock.sold += units;
                });
            }
            ProductEvent::ReleaseNoted { order, at, until } => {
                self.tombstones.retain(|_, until| *until >= *at);
                self.tombstones.insert(*order, *until);
            }
        }
    }

    fn answer(&self, command: &ProductCommand) -> ProductAnswer {
        match command {
            ProductCommand::Import { product, .. } => ProductAnswer::Imported(import::report(self, product)),
            ProductCommand::Hold { .. } | ProductCommand::Release { .. } | ProductCommand::Sell { .. } => {
                ProductAnswer::Done
            }
        }
    }
}

impl Product {
    fn decide_hold(
        &self,
        order: OrderId,
        lines: &[HeldLine],
        not_after: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<ProductEvent>, ProductRefusal> {
        if self.id.is_none() {
            return Err(ProductRefusal::NotFound);
        }
        if self.holds.contains_key(&order) {
            return Ok(vec![]);
        }
        if now > not_after || self.tombstones.get(&order).is_some_and(|until| now <= *until) {
            return Err(ProductRefusal::HoldTooLate);
        }
        if self.holds.len() >= MAX_OPEN_HOLDS {
            return Err(ProductRefusal::TooManyHolds);
        }
        let shortages: Vec<Shortage> = lines.iter().filter_map(|line| self.shortage(line)).collect();
        if shortages.is_empty() {
            Ok(vec![ProductEvent::Held { order, lines: lines.to_vec() }])
        } else {
            Err(ProductRefusal::OutOfStock(shortages))
        }
    }

    fn decide_release(
        &self,
        order: OrderId,
        not_after: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<ProductEvent>, ProductRefusal> {
        if self.id.is_none() {
            return Err(ProductRefusal::NotFound);
        }
        if let Some(hold) = self.holds.get(&order) {
            return Ok(vec![ProductEvent::Released { order, lines: hold.lines.clone() }]);
        }
        // Its hold may still be on the way; once it is too late for that, there is nothing to guard against.
        if now > not_after || self.tombstones.contains_key(&order) {
            return Ok(vec![]);
        }
        Ok(vec![ProductEvent::ReleaseNoted { order, at: now, until: not_after }])
    }

    fn decide_sell(&self, order: OrderId) -> Result<Vec<ProductEvent>, ProductRefusal> {
        let hold = self.holds.get(&order).ok_or(ProductRefusal::HoldUnknown)?;
        Ok(vec![ProductEvent::Sold { order, lines: hold.lines.clone() }])
    }

    /// What is left, when it is less than the line asks for. A product that is not on sale has nothing left.
    fn shortage(&self, line: &HeldLine) -> Option<Shortage> {
        let on_sale = self.details.status == Status::Active;
        let left = match self.variant(line.variant) {
            Some(variant) if on_sale && planted::is(Bug::HoldIgnoresHolds) => variant.stock?.on_hand,
            Some(variant) if on_sale => variant.available()?,
            _ => 0,
        };
        (left < i64::from(line.quantity)).then_some(Shortage { variant_id: line.variant, available: left })
    }

    fn move_stock(&mut self, lines: &[HeldLine], apply: impl Fn(&mut Stock, i64)) {
        for line in lines {
            if let Some(stock) = self.variant_mut(line.variant).and_then(|variant| variant.stock.as_mut()) {
                apply(stock, i64::from(line.quantity));
            }
        }
    }

    /// The first rule of the shop, for each SKU: nothing appears, nothing vanishes, nothing is oversold.
    ///
    /// # Errors
    /// A sentence that names the variant and the numbers.
    pub fn check(&self) -> Result<(), String> {
        for variant in &self.variants {
            let Some(stock) = variant.stock else { continue };
            let Stock { on_hand, held, sold, stocked, adjusted } = stock;
            if on_hand + sold != stocked + adjusted {
                return Err(format!(
                    "variant {}: on hand {on_hand} + sold {sold} is not stocked {stocked} + adjusted {adjusted}",
                    variant.id
                ));
            }
            let open: i64 = self
                .holds
                .values()
                .flat_map(|hold| &hold.lines)
                .filter(|line| line.variant == variant.id)
                .map(|line| i64::from(line.quantity))
                .sum();
            if held != open || held < 0 || held > on_hand {
                return Err(format!("variant {}: held {held}, on hand {on_hand}, open holds {open}", variant.id));
            }
        }
        Ok(())
    }
}
