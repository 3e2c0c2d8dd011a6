//! The codes of all mistakes a text can make. They never change their meaning.

/// One code and the mistake it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `E0001`
    pub code: &'static str,
    /// The mistake, in a few words.
    pub title: &'static str,
}

macro_rules! codes {
    ($($name:ident $code:literal $title:literal)*) => {
        $(#[doc = $title] pub(crate) const $name: &str = $code;)*

        /// Every syntax code, in order.
        pub const CODES: &[Code] = &[$(Code { code: $code, title: $title }),*];
    };
}

codes! {
    EDITION_MISSING "E0001" "the file does not begin with `edition`"
    EDITION_UNKNOWN "E0002" "an edition this compiler does not know"
    BAD_CHARACTER "E0003" "a character that means nothing here"
    UNCLOSED_TEXT "E0004" "a text without its closing quote"
    UNCLOSED_BRACKET "E0005" "an opening bracket without its partner"
    STRAY_BRACKET "E0006" "a closing bracket without its partner"
    TOO_DEEP "E0007" "nested too deep"
    TOO_LARGE "E0008" "a file too large to be read"
    UNKNOWN_STATEMENT "E0009" "a statement that this block does not have"
    UNEXPECTED "E0010" "something else was expected"
    BLOCK "E0011" "a block too many or too few"
    TWICE "E0012" "said twice where it can be said once"
    ESCAPE "E0013" "an unknown escape in a text"
    NUMBER "E0014" "a number that is none, or out of range"
    DURATION "E0015" "a duration that is not in days or weeks"
    PERCENTAGE "E0016" "a percentage with more than two decimals, or a negative one"
    DATE "E0017" "a day that does not exist"
    OPERATOR "E0018" "a comparison written another way"
    AND_OR "E0019" "`and` and `or` mixed without parentheses"
    TOO_MANY "E0020" "more mistakes than are shown"
}
