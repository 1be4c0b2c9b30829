//! Sorting and collecting a few things. The standard library's ways are made for millions: in the page its sorts weigh
//! 25 kB, and its `collect` is written out at length for each kind of iterator.

use std::cmp::Ordering;

/// Insertion sort: stable, quadratic, small.
pub trait Few<T> {
    /// Sorts by an order.
    fn sort_few_by(&mut self, order: impl FnMut(&T, &T) -> Ordering);

    /// Sorts by a key.
    fn sort_few_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.sort_few_by(move |a, b| key(a).cmp(&key(b)));
    }
}

impl<T> Few<T> for [T] {
    fn sort_few_by(&mut self, mut order: impl FnMut(&T, &T) -> Ordering) {
        for end in 1..self.len() {
            let mut at = end;
            while at > 0 && order(&self[at - 1], &self[at]) == Ordering::Greater {
                self.swap(at - 1, at);
                at -= 1;
            }
        }
    }
}

/// Collects one after the other, without reckoning first how many there will be.
pub trait Gather: Iterator + Sized {
    /// All of it in a list.
    fn few(self) -> Vec<Self::Item> {
        let mut few = Vec::new();
        few.put(self);
        few
    }
}

impl<I: Iterator> Gather for I {}

/// Adds one after the other, without reckoning first how many there will be.
pub trait Put<T> {
    /// Adds all of it behind what is there.
    fn put(&mut self, all: impl IntoIterator<Item = T>);
}

impl<T> Put<T> for Vec<T> {
    fn put(&mut self, all: impl IntoIterator<Item = T>) {
        for one in all {
            self.push(one);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(mut things: Vec<(u8, u16)>) {
            let mut expected = things.clone();
            expected.sort_by_key(|thing| thing.0);
            things.sort_few_by_key(|thing| thing.0);
            prop_assert_eq!(things, expected);
        }
    }
}
