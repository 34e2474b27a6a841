//! Charts of columns and of bars, computed in whole units of the picture; the template draws them.

/// Where the columns of a chart begin and end, and how high they may be.
const LEFT: u64 = 96;
const RIGHT: u64 = 456;
const TOP: u64 = 14;
const FOOT: u64 = 160;

/// How many names stand below columns at most.
const NAMES: usize = 7;

/// A chart of columns over periods.
pub struct Columns {
    /// What its elements are called in the page.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The same in a sentence.
    pub description: String,
    /// Lines at even heights, each with what it stands for.
    pub lines: Vec<Line>,
    /// The columns, the earliest first.
    pub bars: Vec<Column>,
    /// How wide each is.
    pub width: u64,
    /// Names below some of them.
    pub names: Vec<(u64, String)>,
    /// Whether light parts are to be explained.
    pub light: bool,
}

/// A line across a chart.
pub struct Line {
    /// Its height in the picture.
    pub y: u64,
    /// Where its words stand.
    pub text_y: u64,
    /// What it stands for.
    pub name: String,
}

/// A column: a dark part and a light part above it.
pub struct Column {
    /// Its left edge.
    pub x: u64,
    /// Its middle.
    pub middle: u64,
    /// The upper edge and the height of the dark part.
    pub dark: (u64, u64),
    /// The same of the light part.
    pub light: (u64, u64),
    /// Whether there is no value.
    pub absent: bool,
    /// What is shown when it is pointed at.
    pub tip: String,
}

/// The value of a period.
pub struct Value {
    /// What the period is called where there is little room.
    pub short: String,
    /// How much of it is dark; `None` where nothing is known.
    pub dark: Option<u64>,
    /// How much in all.
    pub all: u64,
    /// In words.
    pub tip: String,
}

impl Columns {
    /// Returns the chart of `values` with lines at `marks`, each with its words; the last is the height of the chart.
    pub fn new(id: &str, title: String, description: String, values: Vec<Value>, marks: Vec<(u64, String)>) -> Self {
        let most = marks.last().map_or(1, |(mark, _)| *mark);
        let count = (values.len() as u64).max(1);
        let slot = (RIGHT - LEFT) / count;
        // A few columns look like columns, not like walls.
        let width = (slot * 7 / 10).clamp(2, 56);
        let height = |value: u64| scaled(value, most, FOOT - TOP);
        let every = values.len().div_ceil(NAMES).max(1);
        let (mut columns, mut names) = (Vec::new(), Vec::new());
        for (index, value) in values.into_iter().enumerate() {
            let middle = LEFT + (RIGHT - LEFT) * (2 * index as u64 + 1) / (2 * count);
            if index % every == 0 {
                names.push((middle, value.short));
            }
            let all = height(value.all);
            // What is there is seen, however little it is.
            let dark = value.dark.map_or(0, |dark| height(dark).max(u64::from(dark > 0)));
            let light = all.saturating_sub(dark);
            columns.push(Column {
                x: middle - width / 2,
                middle,
                dark: (FOOT - dark, dark),
                light: (FOOT - dark - light, light),
                absent: value.dark.is_none(),
                tip: value.tip,
            });
        }
        let lines = marks.into_iter().map(|(mark, name)| {
            let y = FOOT - height(mark);
            Line { y, text_y: y + 4, name }
        });
        Self {
            id: id.to_owned(),
            title,
            description,
            lines: lines.collect(),
            width,
            names,
            light: columns.iter().any(|column| column.light.1 > 0),
            bars: columns,
        }
    }
}

/// Returns the marks of a chart whose largest number is `most`: nothing, half and all of its height, in whole `unit`s.
pub fn marks(most: u64, unit: u64, name: impl Fn(u64) -> String) -> Vec<(u64, String)> {
    let height = ceiling(most.div_ceil(unit));
    let marks = if height >= 2 { vec![0, height / 2, height] } else { vec![0, height] };
    marks.into_iter().map(|mark| (mark.saturating_mul(unit), name(mark))).collect()
}

/// Returns the height of a chart in which `most` is the largest number: even enough for a line at half of it.
fn ceiling(most: u64) -> u64 {
    let mut unit: u64 = 1;
    loop {
        for step in [1, 2, 4, 6, 8] {
            let height = unit.saturating_mul(step);
            if height >= most {
                return height.max(1);
            }
        }
        unit = unit.saturating_mul(10);
    }
}

/// Returns the unit in which `most` bytes are a number of up to three digits, and its name.
pub fn unit(most: u64) -> (u64, &'static str) {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut index = 0;
    while most >> (10 * index) >= 1000 && index + 1 < units.len() {
        index += 1;
    }
    (1 << (10 * index), units[index])
}

/// A bar of two parts beside a name.
pub struct Bar {
    /// What it counts.
    pub name: String,
    /// Its upper edge.
    pub y: u64,
    /// Where its words stand.
    pub text_y: u64,
    /// How long the dark part is.
    pub dark: u64,
    /// Where the light part begins and how long it is.
    pub light: (u64, u64),
    /// Where the number stands.
    pub value_x: u64,
    /// The number.
    pub value: String,
}

/// Where bars begin, how long the longest is, and how high a row is.
const BARS: u64 = 140;
const LONGEST: u64 = 260;
const ROW: u64 = 24;

/// Returns bars for rows of a name, a dark part, a light part and the number in words.
pub fn bars(rows: Vec<(String, u64, u64, String)>) -> Vec<Bar> {
    let most = rows.iter().map(|(_, dark, light, _)| dark + light).max().unwrap_or(0);
    let seen = |value: u64| scaled(value, most, LONGEST).max(u64::from(value > 0));
    let bar = |(index, (name, dark, light, value)): (usize, (String, u64, u64, String))| {
        let y = index as u64 * ROW + 4;
        let (dark, light) = (seen(dark), seen(light));
        Bar { name, y, text_y: y + 13, dark, light: (BARS + dark, light), value_x: BARS + dark + light + 8, value }
    };
    rows.into_iter().enumerate().map(bar).collect()
}

/// Returns how high the picture of so many bars is.
pub const fn bars_height(bars: usize) -> u64 {
    bars as u64 * ROW + 4
}

fn scaled(value: u64, most: u64, length: u64) -> u64 {
    let scaled = u128::from(value) * u128::from(length) / u128::from(most.max(1));
    u64::try_from(scaled).unwrap_or(length).min(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ceiling_is_even_and_not_far_above() {
        for (most, height) in [(0, 1), (1, 1), (2, 2), (3, 4), (5, 6), (9, 10), (10, 10), (11, 20), (30_000, 40_000)] {
            assert_eq!(ceiling(most), height, "{most}");
        }
        assert!(ceiling(u64::MAX) >= u64::MAX / 2);
        for (most, expected) in [
            (0, (1, "B")),
            (999, (1, "B")),
            (1024, (1024, "KiB")),
            (3 << 20, (1 << 20, "MiB")),
            (700 << 30, (1 << 30, "GiB")),
        ] {
            assert_eq!(unit(most), expected, "{most}");
        }
        let marks = |most, unit| marks(most, unit, |mark| mark.to_string());
        assert_eq!(marks(0, 1), [(0, "0".to_owned()), (1, "1".to_owned())]);
        assert_eq!(marks(2049, 1024), [(0, "0".to_owned()), (2048, "2".to_owned()), (4096, "4".to_owned())]);
        let (unit, _) = unit(u64::MAX);
        assert!(marks(u64::MAX, unit).last().is_some_and(|(mark, _)| *mark > u64::MAX / 2));
    }

    #[test]
    fn columns_stay_in_the_picture_and_nothing_that_is_there_vanishes() {
        for count in [0, 1, 2, 13, 32, 60] {
            let values = (0..count).map(|index| Value {
                short: index.to_string(),
                dark: (index % 5 != 4).then_some(index),
                all: index * 3,
                tip: String::new(),
            });
            let chart = Columns::new(
                "a",
                String::new(),
                String::new(),
                values.collect(),
                marks(1000, 1, |mark| mark.to_string()),
            );
            assert_eq!(chart.bars.len() as u64, count);
            assert!(chart.names.len() <= NAMES);
            for (index, column) in chart.bars.iter().enumerate() {
                assert!(column.x >= LEFT && column.x + chart.width <= RIGHT, "{count} {index}");
                assert!(column.light.0 >= TOP && column.dark.0 + column.dark.1 == FOOT);
                assert_eq!(column.dark.1 == 0, index == 0 || column.absent, "{count} {index}");
            }
            let overlap = chart.bars.windows(2).any(|pair| pair[0].x + chart.width > pair[1].x);
            assert!(!overlap, "{count}");
        }
    }

    #[test]
    fn the_longest_bar_is_the_largest_number() {
        let rows = [(0, 0), (1, 0), (0, 1), (600, 400)];
        let bars = bars(rows.iter().map(|(dark, light)| (String::new(), *dark, *light, String::new())).collect());
        assert_eq!(bars.iter().map(|bar| bar.dark + bar.light.1).collect::<Vec<_>>(), [0, 1, 1, LONGEST]);
    }
}
