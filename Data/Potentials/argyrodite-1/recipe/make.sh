#!/usr/bin/env bash
# How the frames of train.extxyz.gz beyond the seed were made, and the potential from them all:
#
#   recipe/make.sh potential    trains nep.txt from the labels here, and makes its active set
#   recipe/make.sh frames SEED  makes and labels frames anew (SevenNet-l3i5, hours), SEED being the
#                               frames of train.extxyz.gz whose traj begins as README.md tells
#
# Run in a folder of its own, with `interphase` on the PATH. Training gives the bits of nep.txt on
# processors with AVX-512; the frames are the same up to the rounding of dynamics.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
crystals=$here/../../Structures
key="$crystals/Li.cif $crystals/Li2S.cif $crystals/Li3P.cif $crystals/Li3PS4.cif
  $crystals/Li7PS6.extxyz $crystals/LiBF4.cif $crystals/LiBH4.cif $crystals/LiCN.cif
  $crystals/LiCl.cif $crystals/LiF.cif $crystals/Li6PS5Cl.extxyz $crystals/Li6PS5BH4.extxyz
  $crystals/Li6PS5BF4.extxyz $crystals/Li6PS5CN.extxyz"
four="$crystals/Li6PS5Cl.extxyz $crystals/Li6PS5BH4.extxyz $crystals/Li6PS5BF4.extxyz
  $crystals/Li6PS5CN.extxyz"

label() { interphase learn label "${@:2}" --calculator sevennet-l3i5 --threads 1 -o "$1"; }

# Contacts 1 to 3 of each anion; the fourth is never trained on.
contacts() {
  for x in Cl BH4 BF4 CN; do
    interphase interface "$crystals/Li6PS5$x.extxyz" "$crystals/Li.cif" --max-atoms 110 --count 4 \
      -o "contacts/$x"
  done
}

# That of the first two models; of the last, see nep.in.
input() { # CUT-OFFS EPOCHS
  sed -e '/^type/d' -e "s/^cutoff.*/cutoff $1/" -e "s/^epoch.*/epoch $2/" -e 's/^lr .*/lr 0.002/' \
    -e 's/^stop_lr.*/stop_lr 2e-5/' -e 's/^lambda_e.*/lambda_e 3/' -e 's/^lambda_v.*/lambda_v 0.2/' \
    "$here/nep.in"
}

run() { # MODEL RUNS ANION CONTACT KELVIN PS SEED
  interphase md "contacts/$3/contact-$4.extxyz" --potential "$1" --temperature "$5 K" \
    --time "$6 ps" --timestep "0.5 fs" --every "0.1 ps" --threads 1 --seed "$7" \
    -o "$2/$3_$4_$5" || true # a blow-up is what the next model learns from
}

case ${1:-} in
potential)
  grep -v '^type' "$here/nep.in" > nep.in
  interphase learn train "$here/train.extxyz.gz" --valid "$here/valid.extxyz.gz" --input nep.in \
    --seed 1 -o training
  interphase potential active-set training/nep.txt training/train.xyz -o active-set.json
  cmp training/nep.txt "$here/nep.txt" && echo "the same potential"
  ;;
frames)
  seed=$2
  contacts
  # Without motion.
  interphase learn sample $key --rattled --stretched --rattles 6 --displacements "0.03, 0.1 Å" \
    --deviator 0.03 --dilation 0.05 --max-atoms 64 --seed 11 -o rattled.extxyz
  label rattled.labelled.extxyz rattled.extxyz
  # A first model, and where it leads.
  input "6 5" 300 > a.in
  interphase learn train "$seed" --input a.in -o a
  for x in Cl BH4 BF4 CN; do for c in 1 2 3; do for t in 300 450 600; do
    run a/nep.txt runs-a $x $c $t 10 $((c * 100 + t))
  done; done; done
  python3 "$here/recipe/pick.py" runs-a.extxyz runs-a 2 6 14 24 36 50 64 80 96 -1 -3
  python3 "$here/recipe/lithium.py" lithium.extxyz
  label a.labelled.extxyz runs-a.extxyz lithium.extxyz
  interphase learn sample $key --dynamics --temperatures "300 K, 600 K" --time "2 ps" \
    --every "0.5 ps" --timestep "0.5 fs" --max-atoms 64 --potential a/nep.txt --seed 21 --relax \
    -o crystals.extxyz
  label crystals.labelled.extxyz crystals.extxyz
  # A second one.
  input "5.5 4.5" 250 > b.in
  interphase learn train "$seed" a.labelled.extxyz rattled.labelled.extxyz --input b.in -o b
  for x in Cl BH4 BF4 CN; do for c in 1 2 3; do
    run b/nep.txt runs-b $x $c 300 10 $((c * 100 + 307))
    run b/nep.txt runs-b $x $c 450 20 $((c * 100 + 457))
    run b/nep.txt runs-b $x $c 600 60 $((c * 100 + 607))
  done; done
  python3 "$here/recipe/pick.py" runs-b.extxyz runs-b 20 50 90 130 190 250 350 450 590
  label b.labelled.extxyz runs-b.extxyz
  interphase learn sample $four --mixtures --metal-atoms "3, 8" --melt "1200 K" --quench-to "400 K" \
    --timestep "0.5 fs" --every "0.5 ps" --max-atoms 90 --potential b/nep.txt --seed 31 \
    -o mixtures.extxyz
  interphase learn select mixtures.extxyz --potential b/nep.txt --known "$seed" a.labelled.extxyz \
    --count 48 -o mixtures-chosen.extxyz
  label mixtures.labelled.extxyz mixtures-chosen.extxyz
  interphase learn sample $key --rattled --eos --relax --rattles 6 --displacements "0.02, 0.06 Å" \
    --deviator 0.04 --dilation 0.03 --volumes 4 --volume-change 0.05 --image-distance "3 Å" \
    --max-atoms 40 --potential b/nep.txt --seed 41 -o near.extxyz
  label near.labelled.extxyz near.extxyz
  # A third one, for the crystals of molecular anions, which were furthest off.
  input "5.5 4.5" 350 > c.in
  interphase learn train "$seed" rattled.labelled.extxyz crystals.labelled.extxyz \
    a.labelled.extxyz mixtures.labelled.extxyz b.labelled.extxyz near.labelled.extxyz --input c.in \
    -o c
  interphase learn sample "$crystals/LiBH4.cif" "$crystals/Li6PS5CN.extxyz" "$crystals/LiCN.cif" \
    "$crystals/Li6PS5BH4.extxyz" "$crystals/Li3PS4.cif" --relax --rattled --eos --dynamics \
    --temperatures "100 K, 300 K" --equilibrate "0.5 ps" --time "1.6 ps" --every "0.2 ps" \
    --timestep "0.5 fs" --rattles 8 --displacements "0.02, 0.05 Å" --deviator 0.05 --dilation 0.03 \
    --volumes 5 --volume-change 0.06 --image-distance "3 Å" --max-atoms 40 \
    --potential c/nep.txt --seed 51 -o molecular.extxyz
  label molecular.labelled.extxyz molecular.extxyz
  # The test: contacts that are never trained on, and crystals with other velocities.
  for x in Cl BH4 BF4 CN; do
    interphase interface "$crystals/Li6PS5$x.extxyz" "$crystals/Li.cif" --max-atoms 110 --count 6 \
      -o "contacts/$x"
    for c in 4 5 6; do run c/nep.txt runs-test $x $c 300 5 $((c * 100 + 5)); done
  done
  python3 "$here/recipe/pick.py" test-contacts.extxyz runs-test 1 5 10 20 30 40 49
  interphase learn sample $key --dynamics --temperatures "300 K" --equilibrate "1 ps" --time "3 ps" \
    --every "1 ps" --timestep "0.5 fs" --max-atoms 64 --potential "$here/nep.txt" --seed 777 --relax \
    -o test-crystals.extxyz
  label test.labelled.extxyz test-contacts.extxyz test-crystals.extxyz
  # Long runs with the potential itself: frames 10, 60, 120, 199 at 600 K (every 0.5 ps).
  for x in Cl BH4 BF4 CN; do
    interphase md "contacts/$x/contact-1.extxyz" --potential "$here/nep.txt" --temperature "600 K" \
      --time "100 ps" --timestep "0.5 fs" --every "0.5 ps" --seed 5 \
      --active-set "$here/active-set.json" -o "long-600/${x}_1_600"
    interphase md "contacts/$x/contact-1.extxyz" --potential "$here/nep.txt" --temperature "300 K" \
      --time "1000 ps" --timestep "0.5 fs" --every "1 ps" --seed 6 -o "long-300/${x}_1_300"
  done
  ;;
*)
  sed -n '2,9p' "$0"
  exit 64
  ;;
esac
