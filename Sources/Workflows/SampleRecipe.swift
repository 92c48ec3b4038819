import Atomistics
import FileFormats
import Foundation
import Potentials

/// The kinds of frames that a potential is learned from.
public enum SampleKind: String, Sendable, Codable, CaseIterable, Hashable {
  /// Crystals with random displacements under random strains; every second one with its clusters turned.
  case rattled
  /// Crystals at other volumes.
  case eos
  /// One bond of a cluster longer or shorter.
  case stretched
  /// Crystals in motion.
  case dynamics
  /// Electrolyte and metal mixed at random, molten and quenched.
  case mixtures
  /// Contacts and slabs as they are, relaxed, in motion, and relaxed again.
  case contacts
}

/// How frames of one kind are made of one structure; its values are all that decides them.
///
/// A conforming type
/// 1. is a value whose encoding holds every setting that matters;
/// 2. makes the same frames, to the bit, of the same structure, generator and calculator (unless that
///    is external);
/// 3. asks `Interruption` between steps of what takes long, and then throws `SamplingStopped`.
protocol SampleRecipe: Encodable, Sendable {
  var kind: SampleKind { get }
  /// What tells it from others of its kind, such as "600K/seed2"; may be empty.
  var variant: String { get }
  var usesCalculator: Bool { get }
  func frames(
    of source: SampleSource, random: inout RandomGenerator, calculator: (any Calculator)?
  ) throws -> SampledFrames
}

/// Somebody wished to stop in the middle of a recipe.
struct SamplingStopped: Error {}

/// A recipe and what it is applied to.
struct SampleTask: Sendable {
  var source: SampleSource
  let recipe: any SampleRecipe
  /// Whether the structure is relaxed first, by the calculator.
  let relaxes: Bool
  let seed: UInt64
  /// Of all that decides the frames.
  let digest: String

  private struct Content<Recipe: Encodable>: Encodable {
    let version = 1
    let kind: SampleKind
    let recipe: Recipe
    let source: String
    let label: String
    let name: String
    let seed: UInt64
    let calculator: String?
    /// Whether the structure is relaxed first.
    let isRelaxed: Bool
  }

  /// - Parameter calculator: the digest of what decides the calculator's numbers.
  init(
    _ recipe: some SampleRecipe, of source: SampleSource, seed: UInt64, relaxed: Bool = false,
    calculator: String?
  ) throws {
    let needsCalculator = recipe.usesCalculator || relaxed
    self.recipe = recipe
    self.source = source
    self.seed = seed
    relaxes = relaxed
    let content = Content(
      kind: recipe.kind, recipe: recipe, source: source.digest, label: source.label,
      name: source.name, seed: seed,
      calculator: needsCalculator ? calculator : nil, isRelaxed: relaxed)
    digest = SHA256Digest.hex(of: Data(try canonicalJSON(content).utf8))
  }

  var name: String {
    "\(source.label)/\(recipe.kind.rawValue)"
      + (recipe.variant.isEmpty ? "" : "/\(recipe.variant)")
  }

  /// The frames, and their text.
  func make(_ calculator: (any Calculator)?) throws -> (SampledFrames, text: String) {
    var random = RandomGenerator(seed: seed, stage: "sample \(name)")
    let made = try recipe.frames(of: source, random: &random, calculator: calculator)
    let texts = made.frames.enumerated().map { k, frame in
      frame.text(recipe: digest, seed: seed, part: k + 1, of: made.frames.count)
    }
    return (made, texts.joined())
  }
}
