//! What identities and entitlements are both asked: ids that ascend, and columns of attributes.

/// Gives a table with `ids` and `attributes`, each ascending, its accessors. `$id` is the rank of one of its ids; `$one` what that is, with
/// its article.
macro_rules! accessors {
    ($table:ident, $id:ident, $one:literal) => {
        impl $table {
            /// How many there are.
            #[must_use]
            pub fn len(&self) -> usize {
                self.ids.len()
            }

            /// Whether there are none.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.ids.is_empty()
            }

            #[doc = concat!("The id as the source writes it; empty for ", $one, " of another snapshot.")]
            #[must_use]
            pub fn name(&self, id: $id) -> &str {
                self.ids.get(id.0 as usize).unwrap_or("")
            }

            /// The one of that id, to the letter.
            #[must_use]
            pub fn find(&self, id: &str) -> Option<$id> {
                self.ids.rank(id).map($id)
            }

            /// The attribute of that name.
            #[must_use]
            pub fn attribute(&self, name: &str) -> Option<&$crate::model::Column> {
                $crate::model::columns::attribute(&self.attributes, name)
            }

            #[doc = concat!("The value that ", $one, " has of a text attribute.")]
            #[must_use]
            pub fn text(&self, name: &str, id: $id) -> Option<&str> {
                self.attribute(name)?.text(id.0 as usize)
            }

            /// All of them, ascending.
            pub fn iter(&self) -> impl Iterator<Item = $id> + use<> {
                (0..u32::try_from(self.ids.len()).unwrap_or(u32::MAX)).map($id)
            }
        }
    };
}

pub(super) use accessors;
