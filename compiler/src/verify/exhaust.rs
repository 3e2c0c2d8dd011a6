//! How few cliques cover a graph: the plain way, by trying everything.

/// What a search found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Least {
    /// So many cliques are needed at least.
    pub(super) cliques: usize,
    /// Whether so many also suffice.
    pub(super) complete: bool,
    /// Steps taken.
    pub(super) steps: u64,
}

/// How many cliques a cover needs at least, looked into up to `enough`, with so many steps; a step is about a microsecond, and a choice among k cliques
/// in a graph of n vertices takes 1 + kn / 1024. No two seeds are adjacent, and every vertex is adjacent to itself.
pub(super) fn least_cliques(graph: &[Vec<bool>], seeds: &[bool], enough: usize, max_steps: u64) -> Least {
    let mut steps = 0;
    let parts = parts(graph);
    let seeded = |part: &[usize]| -> Vec<usize> {
        part.iter().copied().filter(|&vertex| seeds.get(vertex) == Some(&true)).collect()
    };
    // A vertex alone needs a clique even where it is no seed.
    let mut cliques: usize = parts.iter().map(|part| seeded(part).len().max(1)).sum();
    let mut complete = true;
    for part in &parts {
        let seeds = seeded(part);
        let mut size = seeds.len().max(1);
        while cliques < enough {
            match Search::new(graph, part, size).run(&seeds, &mut steps, max_steps) {
                Some(true) => break,
                Some(false) => (size, cliques) = (size + 1, cliques + 1),
                None => {
                    complete = false;
                    break;
                }
            }
        }
    }
    Least { cliques, complete, steps }
}

/// The connected parts of a graph.
fn parts(graph: &[Vec<bool>]) -> Vec<Vec<usize>> {
    let mut seen = vec![false; graph.len()];
    let mut parts = Vec::new();
    for start in 0..graph.len() {
        let (mut part, mut todo) = (Vec::new(), vec![start]);
        while let Some(vertex) = todo.pop() {
            if let Some(seen) = seen.get_mut(vertex).filter(|seen| !**seen) {
                *seen = true;
                part.push(vertex);
                todo.extend(
                    graph.get(vertex).into_iter().flatten().enumerate().filter(|near| *near.1).map(|near| near.0),
                );
            }
        }
        if !part.is_empty() {
            part.sort_unstable();
            parts.push(part);
        }
    }
    parts
}

/// A search for a cover of one part by so many cliques.
struct Search<'a> {
    graph: &'a [Vec<bool>],
    /// The vertices still in no clique.
    open: Vec<usize>,
    /// The vertices of each clique; the first few are opened by seeds.
    cliques: Vec<Vec<usize>>,
    size: usize,
    /// For each clique, how many of its members each vertex is not adjacent to.
    misfits: Vec<Vec<u32>>,
}

/// A vertex, the clique it was put into, and the cliques to try next, last first.
struct Step {
    vertex: usize,
    clique: Option<usize>,
    others: Vec<usize>,
}

impl<'a> Search<'a> {
    fn new(graph: &'a [Vec<bool>], part: &[usize], size: usize) -> Self {
        let cliques = vec![Vec::new(); size];
        Self { graph, open: part.to_vec(), cliques, size, misfits: vec![vec![0; graph.len()]; size] }
    }

    /// Whether there is a cover in which each seed opens a clique; none when no choices are left.
    fn run(mut self, seeds: &[usize], steps: &mut u64, max_steps: u64) -> Option<bool> {
        for (clique, &seed) in seeds.iter().enumerate() {
            self.put(seed, clique);
        }
        let price = 1 + (self.misfits.len() * self.graph.len() / 1024) as u64;
        let mut path: Vec<Step> = Vec::new();
        while let Some((vertex, others)) = self.hardest() {
            path.push(Step { vertex, clique: None, others });
            loop {
                let Some(step) = path.last_mut() else { return Some(false) };
                if let Some(clique) = step.clique.take() {
                    self.take_back(step.vertex, clique);
                }
                let Some(clique) = step.others.pop() else {
                    path.pop();
                    continue;
                };
                if *steps >= max_steps {
                    return None;
                }
                *steps += price;
                step.clique = Some(clique);
                self.put(step.vertex, clique);
                break;
            }
        }
        Some(true)
    }

    /// The open vertex that fits the fewest cliques, and those cliques; one alone where joining it keeps no other vertex out.
    fn hardest(&self) -> Option<(usize, Vec<usize>)> {
        let &vertex = self.open.iter().min_by_key(|&&vertex| (self.fitting(vertex).count(), vertex))?;
        let fitting: Vec<usize> = self.fitting(vertex).collect();
        let harmless = fitting.iter().copied().find(|&clique| {
            self.open.iter().all(|&other| self.misfit(other, clique) > 0 || self.adjacent(vertex, other))
        });
        Some((vertex, harmless.map_or(fitting, |clique| vec![clique])))
    }

    /// The cliques a vertex is adjacent to all members of; of the empty ones, which are all alike, only the first.
    fn fitting(&self, vertex: usize) -> impl Iterator<Item = usize> + '_ {
        let first_empty = self.cliques.iter().position(Vec::is_empty).unwrap_or(self.size);
        (0..self.size).filter(move |&clique| {
            self.misfit(vertex, clique) == 0
                && (clique == first_empty || self.cliques.get(clique).is_some_and(|members| !members.is_empty()))
        })
    }

    fn adjacent(&self, one: usize, other: usize) -> bool {
        self.graph.get(one).and_then(|row| row.get(other)) == Some(&true)
    }

    fn misfit(&self, vertex: usize, clique: usize) -> u32 {
        self.misfits.get(clique).and_then(|row| row.get(vertex)).copied().unwrap_or(u32::MAX)
    }

    fn put(&mut self, vertex: usize, clique: usize) {
        self.open.retain(|&other| other != vertex);
        if let (Some(members), Some(row)) = (self.cliques.get_mut(clique), self.misfits.get_mut(clique)) {
            members.push(vertex);
            for (misfit, &near) in row.iter_mut().zip(self.graph.get(vertex).into_iter().flatten()) {
                *misfit += u32::from(!near);
            }
        }
    }

    fn take_back(&mut self, vertex: usize, clique: usize) {
        self.open.push(vertex);
        if let (Some(members), Some(row)) = (self.cliques.get_mut(clique), self.misfits.get_mut(clique)) {
            members.pop();
            for (misfit, &near) in row.iter_mut().zip(self.graph.get(vertex).into_iter().flatten()) {
                *misfit -= u32::from(!near);
            }
        }
    }
}
