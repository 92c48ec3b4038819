import Atomistics

/// The quasi-Newton method of limited memory: the last steps and the changes of the forces over them
/// stand for the second derivatives.
///
///     d = H F;   H from the last m pairs s = Δx, y = −ΔF with s·y ≥ κ |s| |y| (two loops),
///                starting from H₀ = (s·y / y·y) 1, or 1/k before there are pairs
///     x ← x + α d,   α = 1, or less where a coordinate would move further than `longestMove`
///
/// A trial is taken when the energy did not rise and the line does not climb as steeply as it fell,
///
///     U(x + α d) ≤ U(x) + ε n,    F(x + α d)·d ≥ −c F(x)·d − 3 δ |d|,
///
/// and else tried again at the zero of the secant. Both conditions hold for α → 0 with energies and
/// forces that are only known within ε and δ, so that the search always ends. A direction that is
/// not downhill, cos(d, F) < `leastCosine`, empties the memory, and so does a search that fails.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | m | `memory` | pairs |
/// | k | `stiffness`, a guess for the first step | eV/Å² |
/// | κ | `leastCurvature` | - |
/// | c | `climb` | - |
/// | δ | `forceNoise`, of one component | eV/Å |
/// | ε | `energyNoise`, for each of n coordinates | eV |
/// | - | `longestMove`, of one atom in one step | Å |
///
/// Sources: Liu & Nocedal, Math. Program. 45, 503 (1989), doi 10.1007/BF01589116; the conditions on
/// slopes instead of energies after Hager & Zhang, SIAM J. Optim. 16, 170 (2005),
/// doi 10.1137/030601880.
public struct LBFGS: Minimizer, Hashable, Codable {
  public var memory = 30
  public var stiffness = 20.0
  public var leastCurvature = 1e-3
  public var leastCosine = 1e-4
  public var climb = 0.9
  public var forceNoise = 1e-6
  public var energyNoise = 1e-6
  public var mostTrials = 10
  public var longestMove = 0.1

  public init() {}

  /// What a walker remembers.
  public struct Walker: Sendable {
    var pairs: [Pair] = []
    var trial: Trial?
    /// Of the first step, and of those after the memory was emptied.
    var stiffness: Double
  }

  public func walker(coordinates count: Int) -> Walker { Walker(stiffness: stiffness) }

  public func step(
    _ coordinates: inout [Vector3], energy: Double, forces: [Vector3], walker: inout Walker
  ) {
    precondition(coordinates.count == forces.count, "one force per coordinate")
    if let trial = walker.trial {
      if !accepts(trial, energy, forces), trial.count < mostTrials {
        let shorter = trial.shortened(slope: dot(forces, trial.direction))
        coordinates = shorter.end
        walker.trial = shorter
        return
      }
      learn(trial, forces, &walker)
    }
    let direction = direction(forces, &walker)
    let trial = Trial(
      start: coordinates, energy: energy, forces: forces, direction: direction,
      length: longestMove / max(longestMove, longest(direction)))
    coordinates = trial.end
    walker.trial = trial
  }

  private func accepts(_ trial: Trial, _ energy: Double, _ forces: [Vector3]) -> Bool {
    let d = trial.direction
    let fell = dot(trial.forces, d)
    return energy <= trial.energy + energyNoise * Double(d.count)
      && dot(forces, d) >= -climb * fell - 3 * forceNoise * dot(d, d).squareRoot()
  }

  /// Takes the pair of an accepted trial, unless it shows no curvature worth the name.
  private func learn(_ trial: Trial, _ forces: [Vector3], _ walker: inout Walker) {
    guard trial.count < mostTrials else {
      walker.pairs = []
      walker.stiffness *= 2
      return
    }
    let pair = Pair(
      s: trial.direction.map { trial.length * $0 }, y: zip(trial.forces, forces).map { $0 - $1 })
    if pair.cosine >= leastCurvature {
      walker.pairs.append(pair)
      if walker.pairs.count > memory { walker.pairs.removeFirst() }
    } else if walker.pairs.isEmpty {
      // Downhill and not yet bending up: a longer step next.
      walker.stiffness /= 2
    }
  }

  private func direction(_ forces: [Vector3], _ walker: inout Walker) -> [Vector3] {
    if !walker.pairs.isEmpty {
      let direction = newton(forces, walker.pairs)
      let norms = (dot(direction, direction) * dot(forces, forces)).squareRoot()
      if norms.isFinite, dot(direction, forces) > leastCosine * norms { return direction }
      walker.pairs = []
    }
    return forces.map { (1 / walker.stiffness) * $0 }
  }

  /// H F by the two loops.
  private func newton(_ forces: [Vector3], _ pairs: [Pair]) -> [Vector3] {
    var q = forces
    var shares: [Double] = []
    for pair in pairs.reversed() {
      let share = dot(pair.s, q) / pair.curvature
      shares.append(share)
      for k in q.indices { q[k] -= share * pair.y[k] }
    }
    let last = pairs[pairs.count - 1]
    let start = last.curvature / dot(last.y, last.y)
    for k in q.indices { q[k] *= start }
    for (pair, share) in zip(pairs, shares.reversed()) {
      let rest = share - dot(pair.y, q) / pair.curvature
      for k in q.indices { q[k] += rest * pair.s[k] }
    }
    return q
  }
}

extension LBFGS {
  /// A step and the change of the gradient over it.
  struct Pair: Sendable {
    let s: [Vector3]
    let y: [Vector3]
    /// s·y.
    let curvature: Double

    init(s: [Vector3], y: [Vector3]) {
      self.s = s
      self.y = y
      curvature = dot(s, y)
    }

    /// s·y / |s| |y|; zero where nothing changed.
    var cosine: Double {
      let norms = (dot(s, s) * dot(y, y)).squareRoot()
      return norms > 0 ? curvature / norms : 0
    }
  }

  /// A step that was proposed: where it began and how far it went.
  struct Trial: Sendable {
    let start: [Vector3]
    let energy: Double
    let forces: [Vector3]
    let direction: [Vector3]
    /// α.
    var length: Double
    /// How often it was shortened.
    var count = 0

    var end: [Vector3] { zip(start, direction).map { $0 + length * $1 } }

    /// The same line, to where the secant of the slopes is zero, within a tenth and a half.
    func shortened(slope: Double) -> Trial {
      let fell = dot(forces, direction)
      let ratio = fell / (fell - slope)
      var shorter = self
      shorter.length *= ratio.isFinite && slope < 0 ? max(0.1, min(0.5, ratio)) : 0.3
      shorter.count += 1
      return shorter
    }
  }
}

private func dot(_ a: [Vector3], _ b: [Vector3]) -> Double {
  var sum = 0.0
  for k in a.indices { sum += a[k].dot(b[k]) }
  return sum
}

private func longest(_ vectors: [Vector3]) -> Double {
  vectors.reduce(0) { max($0, $1.length) }
}
