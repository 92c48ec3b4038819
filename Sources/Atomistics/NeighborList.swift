/// All pairs of atoms nearer than a cut-off, every pair in both directions.
///
/// Pair p leads from atom i to `neighbors[p]`, shifted by whole lattice vectors `images[p]`; the
/// pair vector is **r**_j + S M − **r**_i with the positions as the structure holds them (wrapped
/// or not). Cells smaller than the cut-off are right: an atom may neighbour its own images.
///
/// The order is canonical (by atom j, then image), so that a sum over neighbours has the same bits
/// whenever the list was built. Building is linear in the number of atoms at fixed density.
public struct NeighborList: Sendable {
  /// The cut-off in Å that the list was built with.
  public let cutoff: Double
  /// Pairs of atom i are `offsets[i]..<offsets[i + 1]`.
  public let offsets: [Int]
  /// Atom j of each pair.
  public let neighbors: [Int32]
  /// Whole lattice vectors S of each pair.
  public let images: [SIMD3<Int32>]
  /// The index of the pair j → i that mirrors each pair i → j.
  public let reverse: [Int32]

  /// Lists the pairs of a structure that are nearer than `cutoff` (Å).
  public init(_ structure: Structure, cutoff: Double) {
    precondition(cutoff > 0, "the cut-off is above zero")
    let bins = CellBins(structure, cutoff: cutoff)
    var offsets = [0]
    offsets.reserveCapacity(structure.count + 1)
    var neighbors: [Int32] = []
    var images: [SIMD3<Int32>] = []
    var found: [Candidate] = []
    for i in 0..<structure.count {
      found.removeAll(keepingCapacity: true)
      bins.collect(around: i, into: &found)
      found.sort()
      for candidate in found {
        neighbors.append(candidate.atom)
        images.append(candidate.image)
      }
      offsets.append(neighbors.count)
    }
    self.cutoff = cutoff
    self.offsets = offsets
    self.neighbors = neighbors
    self.images = images
    reverse = Self.mirrorIndex(offsets: offsets, neighbors: neighbors, images: images)
  }

  public var atomCount: Int { offsets.count - 1 }
  public var pairCount: Int { neighbors.count }

  /// The indices of the pairs that begin at atom i.
  @inlinable public func pairs(of i: Int) -> Range<Int> { offsets[i]..<offsets[i + 1] }

  /// The vector **r**_j + S M − **r**_i of a pair (Å) at the positions of `structure`.
  @inlinable public func vector(_ pair: Int, from i: Int, in structure: Structure) -> Vector3 {
    let s = images[pair]
    let shift = Vector3(Double(s.x), Double(s.y), Double(s.z)) * structure.lattice.matrix
    return (structure.positions[Int(neighbors[pair])] - structure.positions[i]) + shift
  }

  /// Each pair i → j is found again in the sorted list of j by bisection.
  private static func mirrorIndex(
    offsets: [Int], neighbors: [Int32], images: [SIMD3<Int32>]
  ) -> [Int32] {
    var reverse = [Int32](repeating: 0, count: neighbors.count)
    for i in 0..<(offsets.count - 1) {
      for pair in offsets[i]..<offsets[i + 1] {
        let j = Int(neighbors[pair])
        let wanted = Candidate(atom: Int32(i), image: SIMD3<Int32>.zero &- images[pair])
        var low = offsets[j]
        var high = offsets[j + 1]
        while low < high {
          let middle = (low + high) / 2
          if Candidate(atom: neighbors[middle], image: images[middle]) < wanted {
            low = middle + 1
          } else {
            high = middle
          }
        }
        reverse[pair] = Int32(low)
      }
    }
    return reverse
  }
}

private struct Candidate: Comparable {
  let atom: Int32
  let image: SIMD3<Int32>

  static func < (left: Candidate, right: Candidate) -> Bool {
    if left.atom != right.atom { return left.atom < right.atom }
    if left.image.x != right.image.x { return left.image.x < right.image.x }
    if left.image.y != right.image.y { return left.image.y < right.image.y }
    return left.image.z < right.image.z
  }
}

/// Atoms sorted into boxes at least as wide as the cut-off, or as wide as a small cell allows.
private struct CellBins {
  private let structure: Structure
  private let cutoffSquared: Double
  /// Boxes along a, b, c and how many of them the cut-off reaches across.
  private let counts: [Int]
  private let reach: [Int]
  /// Fractional coordinates inside the cell and the whole vectors taken off to get there.
  private let home: [SIMD3<Int32>]
  private let binOfAtom: [SIMD3<Int32>]
  private let atoms: [Int32]
  private let starts: [Int]

  init(_ structure: Structure, cutoff: Double) {
    self.structure = structure
    cutoffSquared = cutoff * cutoff
    let fractional = structure.fractionalPositions
    let heights = structure.lattice.heights
    var low = Vector3.zero
    var span = Vector3(1, 1, 1)
    for k in 0..<3 where !structure.periodic[k] {
      low[k] = fractional.map { $0[k] }.min() ?? 0
      span[k] = max((fractional.map { $0[k] }.max() ?? 1) - low[k], 1e-9)
    }
    var counts = [1, 1, 1]
    var reach = [0, 0, 0]
    for k in 0..<3 {
      counts[k] = max(1, Int(min(heights[k] * span[k] / cutoff, 1e5)))
    }
    // No more boxes than a few per atom, however empty the cell.
    while counts[0] * counts[1] * counts[2] > 4 * structure.count + 64 {
      let longest = counts.indices.max { counts[$0] < counts[$1] } ?? 0
      counts[longest] = (counts[longest] + 1) / 2
    }
    for k in 0..<3 {
      let width = heights[k] * span[k]
      // A little more than the cut-off: an atom on the edge of a box may be counted to either side.
      reach[k] = Int((cutoff * (1 + 1e-9) / (width / Double(counts[k]))).rounded(.up))
      if !structure.periodic[k] { reach[k] = min(reach[k], counts[k]) }
    }
    var home: [SIMD3<Int32>] = []
    var bins: [SIMD3<Int32>] = []
    for s in fractional {
      var whole = SIMD3<Int32>.zero
      var bin = SIMD3<Int32>.zero
      for k in 0..<3 {
        var t = s[k]
        if structure.periodic[k] {
          let floor = t.rounded(.down)
          whole[k] = Int32(floor)
          t -= floor
        } else {
          t = (t - low[k]) / span[k]
        }
        bin[k] = Int32(min(counts[k] - 1, max(0, Int(t * Double(counts[k])))))
      }
      home.append(whole)
      bins.append(bin)
    }
    self.counts = counts
    self.reach = reach
    self.home = home
    binOfAtom = bins
    let index = bins.map {
      (Int($0.x) * counts[1] + Int($0.y)) * counts[2] + Int($0.z)
    }
    var starts = [Int](repeating: 0, count: counts[0] * counts[1] * counts[2] + 1)
    for b in index { starts[b + 1] += 1 }
    for b in 1..<starts.count { starts[b] += starts[b - 1] }
    var fill = starts
    var atoms = [Int32](repeating: 0, count: index.count)
    for (atom, b) in index.enumerated() {
      atoms[fill[b]] = Int32(atom)
      fill[b] += 1
    }
    self.starts = starts
    self.atoms = atoms
  }

  func collect(around i: Int, into found: inout [Candidate]) {
    let matrix = structure.lattice.matrix
    let origin = structure.positions[i]
    for dx in -reach[0]...reach[0] {
      guard let (x, imageX) = box(binOfAtom[i].x, dx, 0) else { continue }
      for dy in -reach[1]...reach[1] {
        guard let (y, imageY) = box(binOfAtom[i].y, dy, 1) else { continue }
        for dz in -reach[2]...reach[2] {
          guard let (z, imageZ) = box(binOfAtom[i].z, dz, 2) else { continue }
          let bin = (x * counts[1] + y) * counts[2] + z
          let cell = SIMD3<Int32>(imageX, imageY, imageZ) &+ home[i]
          for slot in starts[bin]..<starts[bin + 1] {
            let j = Int(atoms[slot])
            let image = cell &- home[j]
            if j == i && image == .zero { continue }
            let shift = Vector3(Double(image.x), Double(image.y), Double(image.z)) * matrix
            // In this order the vector back is the exact negative, so that a pair whose length is
            // the cut-off to the last bit is in the list in both directions or in neither.
            if ((structure.positions[j] - origin) + shift).lengthSquared < cutoffSquared {
              found.append(Candidate(atom: Int32(j), image: image))
            }
          }
        }
      }
    }
  }

  /// The box `step` away from `bin` along axis k and the image it lies in; nil past an open end.
  private func box(_ bin: Int32, _ step: Int, _ k: Int) -> (Int, Int32)? {
    let target = Int(bin) + step
    guard structure.periodic[k] else {
      return (0..<counts[k]).contains(target) ? (target, 0) : nil
    }
    let image = Int((Double(target) / Double(counts[k])).rounded(.down))
    return (target - image * counts[k], Int32(image))
  }
}
