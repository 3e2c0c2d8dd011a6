//! Lines of the result, and how their comments line up.

/// Two spaces for each block around a line.
pub(super) const STEP: usize = 2;
/// The longest line that is not broken.
pub(super) const WIDTH: usize = 120;
/// Comments behind longer lines than this are not lined up with others.
const COMMENT_REACH: usize = 80;

/// One line.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// A blank line goes before it.
    pub(super) blank: bool,
    pub(super) indent: usize,
    pub(super) text: String,
    /// With its slashes.
    pub(super) comment: Option<String>,
}

impl Line {
    pub(super) fn new(indent: usize, text: impl Into<String>) -> Self {
        Self { indent, text: text.into(), ..Self::default() }
    }

    /// A comment with a line of its own.
    pub(super) fn comment(indent: usize, comment: String) -> Self {
        Self { indent, comment: Some(comment), ..Self::default() }
    }

    fn end(&self) -> usize {
        self.indent + width(&self.text)
    }

    /// Whether its comment is lined up with those of its neighbours.
    fn lines_up(&self) -> bool {
        self.comment.is_some() && !self.text.is_empty() && self.end() <= COMMENT_REACH
    }
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

/// The text of all lines.
pub(super) fn written(lines: &[Line]) -> String {
    let mut result = String::new();
    for run in lines.chunk_by(|before, after| !after.blank && before.indent == after.indent) {
        let column = run.iter().filter(|line| line.lines_up()).map(Line::end).max().unwrap_or_default();
        for line in run {
            if line.blank && !result.is_empty() {
                result.push('\n');
            }
            result.extend(std::iter::repeat_n(' ', line.indent));
            result.push_str(&line.text);
            if let Some(comment) = &line.comment {
                if !line.text.is_empty() {
                    let gap = if line.lines_up() { column - line.end() } else { 0 };
                    result.extend(std::iter::repeat_n(' ', gap + 2));
                }
                result.push_str(comment);
            }
            result.push('\n');
        }
    }
    result
}
