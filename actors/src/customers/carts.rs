//! The cart of an account. A cart that was filled before signing in becomes it, or its lines go to the one that the
//! account has already. A crash in between loses nothing: the same call again goes on where it stood.

use souk_domain::cart::command::{CartAnswer, CartCommand, CartRefusal, CartRequest, Requester};
use souk_domain::cart::state::{Cart, CartStatus};
use souk_domain::id::{AccountId, CartId};
use souk_persistence::journal::EntityId;

use crate::accounts::AccountError;
use crate::carts::service::CartError;
use crate::carts::view::CartView;
use crate::marketplace::Marketplace;

/// Why the cart of an account is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CurrentCartError {
    Cart(CartError),
    Account(AccountError),
}

impl From<CartError> for CurrentCartError {
    fn from(error: CartError) -> Self {
        Self::Cart(error)
    }
}

impl From<AccountError> for CurrentCartError {
    fn from(error: AccountError) -> Self {
        Self::Account(error)
    }
}

impl Marketplace {
    /// The cart that the account has not bought yet.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn current_cart(&self, account: AccountId) -> Result<CartView, CurrentCartError> {
        let owner = account.to_string();
        let id = self.accounts.account(account).await?.cart_id.ok_or(CartError::Refused(CartRefusal::NotFound))?;
        let cart = self.carts.cart(id, Some(&owner)).await?;
        if cart.status() == CartStatus::Completed {
            return Err(CartError::Refused(CartRefusal::NotFound).into());
        }
        Ok(self.carts.view(id, Some(&owner)).await?)
    }

    /// # Errors
    /// `NotFound` for a cart that is not there or another account's.
    pub async fn claim_cart(&self, account: AccountId, id: CartId) -> Result<CartView, CurrentCartError> {
        let owner = account.to_string();
        let cart = self.carts.directory.read(&EntityId::new(id), |cart, _| cart.clone()).await;
        let cart = cart.map_err(CartError::from)?;
        let current = match cart.handed_to {
            // Cut off before, or asked twice.
            Some(to) => Some(to),
            None => self.open_cart(account).await?.filter(|current| *current != id),
        };
        let Some(to) = current else {
            self.shop_says(id, CartCommand::Claim { owner: account }).await?;
            self.accounts.set_cart(account, id).await?;
            return Ok(self.carts.view(id, Some(&owner)).await?);
        };
        let from = self.shop_says(id, CartCommand::HandOver { to, owner: account }).await?;
        self.shop_says(to, CartCommand::TakeOver { from: id, lines: from.lines }).await?;
        Ok(self.carts.view(to, Some(&owner)).await?)
    }

    /// The account's cart where lines can be put in.
    async fn open_cart(&self, account: AccountId) -> Result<Option<CartId>, CurrentCartError> {
        match self.current_cart(account).await {
            Ok(cart) if cart.status == CartStatus::Open => Ok(Some(cart.id)),
            Ok(_) | Err(CurrentCartError::Cart(CartError::Refused(CartRefusal::NotFound))) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn shop_says(&self, id: CartId, command: CartCommand) -> Result<Cart, CartError> {
        let request = CartRequest { by: Requester::Shop, command };
        match self.carts.directory.call(&EntityId::new(id), request).await? {
            CartAnswer::Cart(cart) => Ok(*cart),
            CartAnswer::Checkout(answer) => Ok(answer.cart),
        }
    }
}
