//! Identifiers: TypeIDs (a readable prefix and a UUID in Crockford base32), one type for each thing.
//!
//! <https://github.com/jetify-com/typeid/tree/main/spec> is the source of the text form.

use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $id:ident($tag:ident) = $prefix:literal;)*) => {$(
        #[doc(hidden)]
        #[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $tag;
        impl StaticType for $tag {
            const TYPE: &'static str = $prefix;
        }
        $(#[$doc])*
        pub type $id = TypeSafeId<$tag>;
    )*};
}

typed_ids! {
    ProductId(ProductTag) = "prod";
    VariantId(VariantTag) = "var";
    /// A cart's id is a capability: whoever knows it may change the cart, so its UUID is random.
    CartId(CartTag) = "cart";
    OrderId(OrderTag) = "ord";
    PaymentId(PaymentTag) = "pay";
    RefundId(RefundTag) = "refund";
    RoomId(RoomTag) = "room";
    MessageId(MessageTag) = "msg";
    AccountId(AccountTag) = "acct";
    /// An identity without an account.
    GuestId(GuestTag) = "guest";
    SellerId(SellerTag) = "sell";
    /// A discount whose uses are counted; named after its id in the config by [`discount_id`].
    DiscountId(DiscountTag) = "disc";
    /// Where webhooks are sent.
    EndpointId(EndpointTag) = "hook";
    /// Somebody who is signed in, on one device.
    SessionId(SessionTag) = "sess";
    /// An entry of an address book.
    AddressId(AddressTag) = "addr";
    /// A key of another program.
    ApiKeyId(ApiKeyTag) = "key";
    /// A mail about an account.
    NoteId(NoteTag) = "note";
    /// Something that one consumer is told of one event.
    DeliveryId(DeliveryTag) = "dlv";
}

/// Names the room of a kind and subject. The same pair always gives the same id, on every node,
/// so two people who open a product's room at once cannot make two rooms.
pub fn room_id(kind: &str, subject: &str) -> RoomId {
    const ROOMS: Uuid = Uuid::from_u128(0x0c5d_2f6e_5a3b_4d0e_9a53_736f_756b_0001);
    RoomId::from_uuid(Uuid::new_v5(&ROOMS, format!("{kind}:{subject}").as_bytes()))
}

/// Names the entity that counts the uses of a discount of the config: the same on every node, and after
/// every change of the discount but its id.
pub fn discount_id(config_id: &str) -> DiscountId {
    const DISCOUNTS: Uuid = Uuid::from_u128(0x0c5d_2f6e_5a3b_4d0e_9a53_736f_756b_0002);
    DiscountId::from_uuid(Uuid::new_v5(&DISCOUNTS, config_id.as_bytes()))
}

/// Names what a consumer is told of an entity's event. It is the same however often it is relayed or sent, so the
/// receiver can drop what it has already.
pub fn delivery_id(consumer: &str, entity: &str, seq: u64) -> DeliveryId {
    const DELIVERIES: Uuid = Uuid::from_u128(0x0c5d_2f6e_5a3b_4d0e_9a53_736f_756b_0003);
    DeliveryId::from_uuid(Uuid::new_v5(&DELIVERIES, format!("{consumer}:{entity}:{seq}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_another_kind_is_refused() {
        let id = ProductId::from_uuid(Uuid::from_u128(7));
        let text = id.to_string();
        assert_eq!(text, "prod_00000000000000000000000007");
        assert_eq!(text.parse::<ProductId>().unwrap(), id);
        assert!(text.parse::<OrderId>().is_err());
    }

    #[test]
    fn one_room_for_each_kind_and_subject() {
        assert_eq!(room_id("product", "a"), room_id("product", "a"));
        assert_ne!(room_id("product", "a"), room_id("order", "a"));
    }
}
