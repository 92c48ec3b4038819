/// Layers of both slabs, and the atoms in both.
struct Layers {
  let electrolyte: Int
  let metal: Int
  let atoms: Int
}

/// How thick both slabs of a match may be.
struct SlabThickness {
  /// Atoms in a formula unit of the electrolyte.
  let formulaAtoms: Double
  let settings: ContactSettings

  /// The layers of electrolyte that were asked for, else as many as `maximumAtoms` allows, and metal for all of it; nil where the
  /// thinnest that is allowed takes more. `fewestAtoms` are those of the thinnest.
  func layers(
    _ film: OrientedCell, _ metal: OrientedCell, _ match: LatticeMatch
  ) -> (best: Layers?, fewestAtoms: Int) {
    let filmLayer = film.atomCount * match.electrolyte.index
    let metalLayer = metal.atomCount * match.metal.index
    func layers(_ count: Int) -> Layers {
      let needed = settings.metalPerFormulaUnit * Double(count * filmLayer) / formulaAtoms
      // Metal is at least as thick as two van der Waals radii: thinner, it is no metal.
      let metalLayers = max(
        Int((needed / Double(metalLayer)).rounded(.up)),
        (settings.metalThickness ?? .height(6)).layers(spacing: metal.spacing))
      return Layers(
        electrolyte: count, metal: metalLayers, atoms: count * filmLayer + metalLayers * metalLayer)
    }
    let asked = settings.electrolyteThickness
    var count = (asked ?? .height(settings.minimumThickness)).layers(spacing: film.spacing)
    let thinnest = layers(count)
    guard thinnest.atoms <= settings.maximumAtoms else { return (nil, thinnest.atoms) }
    if asked != nil { return (thinnest, thinnest.atoms) }
    // Atoms do not fall with the number of layers.
    var best = thinnest
    while true {
      count += 1
      let next = layers(count)
      guard next.atoms <= settings.maximumAtoms else { return (best, thinnest.atoms) }
      best = next
    }
  }
}
